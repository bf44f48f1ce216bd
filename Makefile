# Two commands: `make parity` runs the main job on the sample, `make test` passes the tests.
# Both set up what they need: a .venv, the pinned dependencies, the Java half.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JAR := parity/harness/target/parity-harness.jar
JAVA_SOURCES := $(shell find parity/harness/src pom.xml parity/harness/pom.xml -type f 2>/dev/null)
SAMPLE := java_lambdas/claims/target/maven-status/maven-compiler-plugin/compile/default-compile/inputFiles.lst
SAMPLE_SOURCES := $(shell find java_lambdas -path '*/src/main/*' -name '*.java' -not -path '*/infra/*' 2>/dev/null)
MVN := mvn -q -B -ntp -Dstyle.color=never

# A command of the state comes with all that the cluster knows, 20 to 90 KB: those fixtures are drawn.
RECORDED = $(shell sed -n 's/^\[unit\."\([^"]*\)"\].*/\1/p' parity.map.toml | grep -Ev '^sable\.(state|listing):')

.PHONY: bench parity record test test-long test-aws synth infra drawings reference screens aws-smoke lint java show clean wheel

parity: $(VENV)/.ready $(JAR)
	@$(BIN)/parity run
	@$(BIN)/python bench/projects.py

# The sample's fixtures anew, from a cluster at work; then both sides on them.
record: $(VENV)/.ready-test $(JAR)
	@cd legacy_py && ../$(BIN)/parity -C .. record --anew --max 40 $(RECORDED:%=--unit %) -- ../$(BIN)/python -m sable exercise
	@$(BIN)/parity run

# What takes longest begins first, in the order that is written here, so that nothing waits for it in the end.
LONGEST := tests/aws/test_workflow_faults.py
test: $(VENV)/.ready-test $(JAR) $(SAMPLE)
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(LONGEST) tests/aws tests/functional tests/plugin tests/unit $(addprefix --ignore=,$(LOCAL_AWS) $(LONG))
	@$(BIN)/python -m pytest -q -n 3 --dist loadfile tests/legacy # mostly waits for its own clusters

# What takes longest of the others, and belongs to what changes seldom: with `make test-long`.
LONG := $(patsubst %,tests/functional/test_%.py,catalogue catalogue_judges catalogue_project planted cases faults two_versions executor strength fuzz status own_tests projects published_pairs)
test-long: $(VENV)/.ready-test $(JAR)
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile $(LONG)

# What starts servers of AWS, Maven or handlers in JVMs, which takes minutes: all of it with `make test-aws`.
LOCAL_AWS := $(patsubst %,tests/aws/test_%.py,batch_move claims conformance cutover_canary cutover_unit cutover_way faults guide_cut_over left_behind local published_handlers stacks table workflow)
test-aws: $(VENV)/.ready-test $(JAR) synth
	@$(BIN)/python -m pytest -q tests/aws

# The templates of the port, into java_lambdas/infra/target/cdk.out; fails on what the nag pack finds.
synth:
	@$(MVN) -pl java_lambdas/workflow,java_lambdas/infra -am -DskipTests package

# All that is checked of them without a server: tests and cfn-lint; synth has run the nag pack.
infra: synth $(VENV)/.ready-test
	@$(BIN)/python -m pytest -q tests/infra

# docs/drawings anew, from the ASL file and the templates; `make infra` fails where one is stale.
drawings: synth $(VENV)/.ready-test
	@PYTHONPATH=. $(BIN)/python bench/draw.py

# docs/reference.md anew, from the code and docs/fields.toml; a test fails where it is stale.
reference: $(VENV)/.ready-test
	@PYTHONPATH=. $(BIN)/python bench/reference.py

# docs/screens anew: pages of a report in the system's Chromium.
screens: $(VENV)/.ready-test $(JAR)
	@PYTHONPATH=. $(BIN)/python bench/screens.py

# A deployment, asked whether it is alive; account and region as the AWS CLI takes them.
aws-smoke: $(VENV)/.ready-test
	@PYTHONPATH=. $(BIN)/python bench/aws_smoke.py

lint: $(VENV)/.ready-test $(JAR)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@! git grep -nE '^(<<<<<<<|>>>>>>>) ' # halves of a merge

java: $(JAR)

show: $(VENV)/.ready-test $(JAR)
	@$(BIN)/python bench/show.py $(LINE) $(if $(SHORT),--short)

# Beside loops written by hand, in turn; an hour and more. `make bench BENCH='--short --rounds 1'` is quick.
BENCH ?= --docs
bench: $(VENV)/.ready-test $(JAR)
	@$(BIN)/python bench/engine.py $(BENCH)

wheel: $(VENV)/.ready-test
	@$(BIN)/python -m build --wheel --outdir dist .

$(BIN)/python:
	@echo "setting up $(VENV)" >&2
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %d.%d" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -U 'pip>=25' # older ones take twice as long to look through an index

PIP := $(BIN)/python -m pip install -q --no-compile --disable-pip-version-check -c constraints.txt -e
$(VENV)/.ready: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) '.[projects,sample]'
	@touch $@

$(VENV)/.ready-test: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) '.[projects,test,lint,sample,bench,aws,pages]'
	@touch $(VENV)/.ready $@

$(JAR): $(JAVA_SOURCES)
	@command -v mvn >/dev/null || { echo "Maven is needed (and a JDK 17 or newer): there is no mvn on PATH" >&2; exit 2; }
	@echo "building the Java half" >&2
	@$(MVN) -f parity/harness/pom.xml -Dmaven.test.skip=true package
	@touch $@

# The classes of the sample's port: some tests read them.
$(SAMPLE): $(SAMPLE_SOURCES)
	@$(MVN) -pl java_lambdas/moves,java_lambdas/claims,java_lambdas/workflow -am -DskipTests compile
	@touch $@

clean:
	rm -rf $(VENV) .parity dist parity/harness/target
