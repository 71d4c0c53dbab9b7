# Every target is complete by itself and does again only what has changed.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PROFILE ?= quick
# Networks of the small profiles train faster side by side on a core each than one after another on all of them (docs/speed.md).
JOBS ?= $(shell n=$$(nproc); echo $$((n < 4 ? n : 4)))
FILTER ?=
# What `bench speed --peer` takes: a Python with PyTorch, and for MDLM's own code a checkout of it behind that.
PEER ?=
# Where networks are: cpu, cuda, cuda:<n>; without it a CUDA card where there is one, and the CPU in tests.
DEVICE ?=
CUDA ?= $(if $(filter cuda cuda:%,$(DEVICE)),true)
CONFIGURATION := Release
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
ifneq ($(DEVICE),)
export BENCH_DEVICE := $(DEVICE)
endif
# No compiler stays behind that holds memory, or the pipe that the output goes to.
export MSBUILDDISABLENODEREUSE := 1

dotnet_build := dotnet msbuild -restore -maxCpuCount -nologo -verbosity:quiet -property:Configuration=$(CONFIGURATION) \
    $(if $(CUDA),-property:Cuda=true)
# What NuGet says of a package that it cannot get is long; this is what to do.
unbuilt = { echo "The build failed; the reason is above. If a package was not to be had (NU1101, NU1301): \
    they are downloaded once, into ~/.nuget/packages, and need the network then\
    $(if $(CUDA),; TorchSharp-cuda-linux is only with CUDA=true)." >&2; exit 1; }
cli := src/Bench.Cli/bin/$(CONFIGURATION)/net10.0
bench := $(cli)/bench

# What a build depends on. Folders count too: their dates change when a file is added or deleted.
sources = $(shell find src -name bin -prune -o -name obj -prune -o -name '*.md' -prune -o -print) \
    $(wildcard Directory.*.props Directory.*.targets .editorconfig global.json)
cli_sources = $(filter-out src src/Bench.Tests% src/Bench.Microbenchmarks% src/Bench.Reference%,$(sources))

# A stamp says what was built: with the kernels or without, on which engine. Without libtorch beside the program a build is not done.
cli_stamp := src/Bench.Cli/obj/made
tests_stamp := src/Bench.Tests/obj/made
benchmarks_stamp := src/Bench.Microbenchmarks/obj/made
stamps := $(cli_stamp) $(tests_stamp) $(benchmarks_stamp)
built := $(shell command -v cmake > /dev/null && { command -v c++ || command -v g++ || command -v clang++; } > /dev/null \
    && echo kernels || echo plain)$(if $(CUDA),-cuda)
$(foreach stamp,$(stamps),\
    $(if $(and $(filter $(built),$(shell cat $(stamp) 2>/dev/null)),\
    $(wildcard $(dir $(stamp))../bin/$(CONFIGURATION)/net10.0/libtorch_cpu.so)),,$(shell rm -f $(stamp))))

.PHONY: help
help: ## List the targets
	@echo "make <target> [PROFILE=quick|smoke|ablation|laptop|overnight|tasks] [JOBS=$(JOBS)] [FILTER=name] [DEVICE=cpu|cuda] [CUDA=true]"
	@echo
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

.PHONY: setup
setup: ## Install what is missing (Debian packages), and say what is downloaded
	@.ci/setup

.PHONY: build
build: setup ## Compile everything
	@$(MAKE) --silent --no-print-directory $(stamps)

.PHONY: reproduce
reproduce: setup ## The main job: train and evaluate everything of a profile, write the report
	@$(MAKE) --silent --no-print-directory $(cli_stamp)
	@$(bench) reproduce --profile $(PROFILE) --jobs $(JOBS)

.PHONY: claims
claims: ## Run what decides the claims of the papers (experiments/claims), and write the report with the page of verdicts
	@$(MAKE) --no-print-directory reproduce PROFILE=claims

.PHONY: smoke
smoke: setup ## The same in two or three minutes, apart from your results: a check that everything works
	@$(MAKE) --no-print-directory $(cli_stamp)
	@$(bench) reproduce --profile smoke --results results/smoke --output reports/smoke

# One thread a run, as the baselines were measured: sums in another order round otherwise, and trainings drift apart.
as_baselines := --threads 1 --jobs $(shell nproc)

# Results are of the code that made them: what is there from before would pass whatever has changed since.
.PHONY: regress
regress: setup ## Train the smoke profile anew, and compare its metrics with those of baselines/ci: fails where one is worse
	@rm -rf results/smoke
	@$(MAKE) --silent --no-print-directory $(cli_stamp)
	@$(bench) reproduce --profile smoke --results results/smoke --output reports/smoke $(as_baselines)
	@$(bench) regress --results results/smoke --junit reports/smoke/regress.xml --markdown reports/smoke/regress.md \
		--again baselines/ci/smoke.yaml $(as_baselines)

.PHONY: test
test: setup ## Run all tests, or those with FILTER in their name; with DEVICE=cuda those of networks on a card
	@$(MAKE) --silent --no-print-directory $(tests_stamp)
	@.ci/test $(CONFIGURATION) '$(FILTER)'

.PHONY: report
report: setup ## Make tables, figures and reports/index.html from the results
	@$(MAKE) --silent --no-print-directory $(cli_stamp)
	@$(bench) report

.PHONY: figures
figures: setup ## Make the paper's figures and tables, as far as the results allow, in reports/paper
	@$(MAKE) --silent --no-print-directory $(cli_stamp)
	@$(bench) figures

.PHONY: reference
reference: setup ## Keep the results of the last `make reproduce` as results/reference/<profile>, and show them on its page
	@$(MAKE) --silent --no-print-directory $(cli_stamp)
	@.ci/reference $(PROFILE)

.PHONY: doctor
doctor: ## Show what was found on this machine, each with a fix when it is missing
	@.ci/setup --check || true
	@$(MAKE) --silent --no-print-directory $(cli_stamp)
	@$(bench) doctor

.PHONY: bench
bench: setup ## Time operators, random numbers, training steps and generations, beside others (FILTER=name: microbenchmarks alone)
	@$(MAKE) --silent --no-print-directory $(benchmarks_stamp) $(cli_stamp)
	@dotnet src/Bench.Microbenchmarks/bin/$(CONFIGURATION)/net10.0/Bench.Microbenchmarks.dll --filter '*$(FILTER)*'
	@$(if $(FILTER),,$(bench) speed $(if $(PEER),--peer $(PEER)))

.PHONY: format
format: ## Put the code into the style of .editorconfig
	@dotnet format Bench.sln

.PHONY: clean
clean: ## Delete what was compiled; results, reports and downloads stay
	@find src -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +

$(cli_stamp): $(cli_sources)
	@echo "Compiling the suite (a minute or two from scratch)"
	@$(dotnet_build) src/Bench.Cli/Bench.Cli.csproj || $(unbuilt)
	@echo '$(built)' > $@

$(tests_stamp): $(sources)
	@echo "Compiling the tests"
	@$(dotnet_build) src/Bench.Tests/Bench.Tests.csproj || $(unbuilt)
	@echo '$(built)' > $@

$(benchmarks_stamp): $(sources)
	@echo "Compiling the benchmarks"
	@$(dotnet_build) src/Bench.Microbenchmarks/Bench.Microbenchmarks.csproj || $(unbuilt)
	@echo '$(built)' > $@
