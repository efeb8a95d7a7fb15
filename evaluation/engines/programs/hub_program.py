"""Asks a hub what a commit holds, or fetches pieces of its files, by huggingface_hub: job.json in, files out.

    python hub_program.py JOB OUT

It runs in an environment of its own, in a sandbox without network: a unix socket leads to a relay outside, which asks
one hub for one commit and nothing else. No token, no cache, no model. Exit codes: 0 done, 3 the hub says no, 75 try
again later.
"""

import json
import sys
from pathlib import Path

HUB = "http://hub"
"""Stands for the hub, whichever it is: the relay knows."""
SOCKET = "/in/hub/socket"
DONE, SAYS_NO, TRY_AGAIN = 0, 3, 75


def main(job_path, out):
    """Do one job: list the commit, or fetch pieces."""
    import httpx2
    from huggingface_hub import HfApi, hf_hub_url, set_client_factory
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.file_download import http_get

    set_client_factory(
        lambda: httpx2.Client(
            transport=httpx2.HTTPTransport(uds=SOCKET), trust_env=False, follow_redirects=False, timeout=120
        )
    )
    job = json.loads(Path(job_path).read_text())
    repo, commit = job["repo"], job["commit"]
    try:
        if "pieces" not in job:
            found = HfApi(endpoint=HUB, token=False).model_info(repo, revision=commit, files_metadata=True)
            finish(out, "listing.json", json.dumps(listed(found)).encode())
            return DONE
        for piece in job["pieces"]:
            url = hf_hub_url(repo, piece["file"], revision=commit, endpoint=HUB)
            unfinished = Path(out, f".{piece['name']}")
            with unfinished.open("wb") as file:
                if piece["length"]:
                    last = piece["begin"] + piece["length"] - 1
                    ranged = {} if piece["whole"] else {"Range": f"bytes={piece['begin']}-{last}"}
                    http_get(url, file, headers=ranged, expected_size=piece["length"])
            unfinished.rename(Path(out, piece["name"]))
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        sys.stderr.write(f"the hub answered {status}\n")
        return SAYS_NO if 400 <= status < 500 and status not in (408, 425, 429) else TRY_AGAIN
    except (httpx2.HTTPError, OSError) as error:
        sys.stderr.write(f"{type(error).__name__}: {' '.join(str(error).split())[:300]}\n")
        return TRY_AGAIN
    return DONE


def listed(found):
    """Write what the hub said of a commit as plain data; whoever reads it trusts none of it."""
    files = [
        {"name": one.rfilename, "size": one.size, "blob": one.blob_id, "sha256": one.lfs.sha256 if one.lfs else None}
        for one in found.siblings or []
    ]
    return {"commit": found.sha, "files": files}


def finish(out, name, content):
    """Write a file and give it its name when it is whole."""
    unfinished = Path(out, f".{name}")
    unfinished.write_bytes(content)
    unfinished.rename(Path(out, name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
