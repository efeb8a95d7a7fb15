"""The page that lies in every archive and says what it is, to whoever finds it in ten years."""

from challenge.archives.contents import People
from challenge.archives.manifest import Manifest

_PEOPLE = {
    People.NAMES: "People stand in it by their names and addresses: keep it like the site's own database.",
    People.PSEUDONYMS: (
        "People stand in it under pseudonyms (Person 17). Teams, accounts on hubs and addresses stay as they are, and "
        "so do texts that people wrote themselves; they may name somebody."
    ),
}
_TEXT = """\
{title}
{rule}

This file is the archive of one call: its rules, teams, entries, results, boards, reviews and decisions, as they
stood on the site that wrote it. {people}
{left_out}
What lies in it

  manifest.json     every table, log and file with its SHA-256, size and count
  signature.json    the SHA-256 of manifest.json, signed by the site (Ed25519)
  tables/           one file for each table, one line of JSON for each row; instants are in UTC
  logs/             what the audit log says of the call, one line of JSON for each line of the log
  files/            the files that the tables name, each under its SHA-256

How to check it

  The site's program checks everything at once, without a site:
      flask --app wsgi archive check FILE
  By hand: each file's SHA-256 is in manifest.json, and signature.json signs, over
      {{"kind":"archive of a call","manifest":"<SHA-256 of manifest.json>"}}
  with no blanks. A line of a log is in the site's log if the hashes under "proof" lead from its "hash" to the "root"
  of manifest.json, as RFC 9162, section 2.1.3.2 says; the root is signed over
      {{"kind":"head of the log","root":"<root>","size":<log_size>}}

How to bring it to another site

      flask --app wsgi archive bring FILE
  The site must be empty: without calls and without accounts.
"""


def readme(manifest: Manifest) -> bytes:
    """Write the page for one archive."""
    left_out = ""
    if manifest.left_out:
        kinds = ", ".join(sorted(manifest.left_out))
        left_out = f"Left out on purpose: the files of these kinds: {kinds}. The tables name them all the same.\n"
    return _TEXT.format(
        title=manifest.title, rule="=" * len(manifest.title), people=_PEOPLE[manifest.people], left_out=left_out
    ).encode()
