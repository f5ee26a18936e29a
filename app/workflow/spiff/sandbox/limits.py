"""How much one piece of analyst text, and what it leaves behind, may cost."""

SOURCE_CHARS = 20_000
CELL_CHARS = 2_000  # SpiffWorkflow 3.2.0 runs a quadratic regex over decision cells
BRACKETS = 60
PREFIX_RUN = 30  # '------1', 'not not not x'
TREE_DEPTH = 120

EXPRESSION_SECONDS = 0.5
SCRIPT_SECONDS = 1.0
MEMORY_BYTES = 64 << 20
RECURSION = 200
HOST_CALLS = 200
PRINTED_BYTES = 64 << 10

DATA_NODES = 100_000  # counted as a tree: a shared object counts every time
DATA_CHARS = 2_000_000
DATA_DEPTH = 40
NUMBER_DIGITS = 300

INSTANCES = 500  # of a multi-instance activity
