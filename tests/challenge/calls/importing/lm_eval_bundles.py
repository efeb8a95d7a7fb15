"""Five bundles after the documented keys of the LM Evaluation Harness's task files."""

CHOICES = """\
task: heron_questions
task_alias: Heron questions
tag: [birds]
dataset_path: birds/herons
dataset_name: en
dataset_kwargs: {trust_remote_code: false}
training_split: train
validation_split: dev
test_split: test
fewshot_split: dev
fewshot_config: {sampler: first_n}
output_type: multiple_choice
description: "The following are questions about herons.\\n\\n"
doc_to_text: "{{question}}\\nA. {{choices[0]}}\\nB. {{choices[1]}}\\nAnswer:"
doc_to_choice: [A, B]
doc_to_target: answer
target_delimiter: " "
fewshot_delimiter: "\\n\\n"
num_fewshot: 0
should_decontaminate: true
doc_to_decontamination_query: "{{question}}"
metric_list:
  - metric: acc
    aggregation: mean
    higher_is_better: true
  - metric: acc_norm
    aggregation: mean
    higher_is_better: true
metadata:
  version: 1.0
  author: nobody
"""
WRITING = """\
task: otter_sums
dataset_path: birds/otters
test_split: test
output_type: generate_until
doc_to_text: "Q: {{ question }}\\nA:"
doc_to_target: "{{ answer }}"
generation_kwargs:
  until: ["\\n", "Q:"]
  max_gen_toks: 64
  do_sample: false
  temperature: 0.0
repeats: 1
filter_list:
  - name: strict
    filter:
      - function: regex
        regex_pattern: "(-?[0-9]+)"
num_fewshot: 5
gen_prefix: "So"
metric_list:
  - metric: exact_match
    aggregation: mean
    higher_is_better: true
    ignore_case: true
    ignore_punctuation: false
    regexes_to_ignore: [","]
"""
ROLLING = """\
task: heron_pages
group: birds
dataset_path: birds/pages
test_split: test
output_type: loglikelihood_rolling
doc_to_text: ""
doc_to_target: page
metric_list:
  - metric: bits_per_byte
  - metric: word_perplexity
"""
TURNED = CHOICES.replace("task: heron_questions", "task: turned").replace(
    "aggregation: mean\n    higher_is_better: true\n  - metric: acc_norm",
    "aggregation: mean\n    higher_is_better: false\n  - metric: acc_norm",
)
OPEN_CHOICES = CHOICES.replace("doc_to_choice: [A, B]", "doc_to_choice: choices").replace(
    "metric: acc\n", "metric: mcc\n"
)

BUNDLES = {
    "choices": {"heron_questions.yaml": CHOICES},
    "writing": {"otter_sums.yaml": WRITING},
    "rolling": {"heron_pages.yaml": ROLLING},
    "three in a folder": {"birds/a.yaml": CHOICES, "birds/b.yaml": WRITING, "birds/README.md": "# Birds"},
    "direction turned": {"turned.yaml": TURNED},
    "choices by column": {"open.yaml": OPEN_CHOICES},
}
