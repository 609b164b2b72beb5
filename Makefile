# Every recipe calls Swift or a script of Scripts/; none is longer than three lines.
SEED ?= 0
# The C loops are optimised in debug builds too.
BUILD := swift build -Xcc -O2 --build-tests
# Prints failures and a verdict.
TEST := swift test --quiet -Xcc -O2 --disable-xctest
# The suites in folders of CoreTests, as a pattern of their names.
suites = $(subst $() ,|,$(basename $(notdir $(foreach folder,$(1),$(wildcard Tests/CoreTests/$(folder)/*.swift)))))
# A release build differs in how mistakes are told, what the tape keeps, and the last digits.
RELEASED := $(call suites,Errors Gold Tape)|ProgramTests|LossCurveTests
# What runs the loops in C.
LOOPS := $(call suites,Operations Loops Products Gold)|KernelTests
# Not under a sanitizer, whose memory is no program's: processes that end, fork, or are given little memory. Nor long
# runs of loops that other tests run shortly: losses of 10 steps, and statistics of millions of numbers.
SANITIZED := $(TEST) --skip 'stopTheProgram|ProcessTests|ScratchMemoryTests|OutsizedFileTests|ModelMemoryTests|ExpressionTests|LossCurveTests|DistributionTests|RandomStatisticsTests|AccuracyTests|KillTests'
# On Linux the default linker warns about hundreds of symbols of the sanitizers' runtimes.
LLD := $(if $(filter Linux,$(shell uname)),-Xswiftc -use-ld=lld)
# A package of its own, built in the same folder, so that Martlet is built once.
BENCH := swift run -c release --package-path Benchmarks --scratch-path .build bench
UNDEFINED := -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined \
  -Xswiftc -Xclang-linker -Xswiftc -fsanitize=undefined

# Tests/Programs is left out: its programs are kept as they were given.
FORMATTED := Package.swift Scripts/topics.swift Sources Tests/*Tests Tests/TestSupport Tests/Tutorial Tests/Fuzz \
  Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Tests

.DEFAULT_GOAL := help
.PHONY: help setup build test test-release test-sets accuracy expressions mutants demo article resnet bench \
  bench-test bench-compare bench-plot bench-peers fuzz kills sanitize sanitize-address sanitize-thread \
  sanitize-shared sanitize-undefined docs consumer gold imports specialisation lint operations derivatives clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what is missing: OpenBLAS, LAPACKE, zlib, pkg-config
	@sh Scripts/setup.sh

build: setup ## build everything, optimised
	swift build -c release

test: setup ## build and run the tests (FILTER="A|B" runs the suites of these names)
	$(BUILD)
	$(TEST) $(if $(FILTER),--filter '$(FILTER)')

test-release: setup ## run in release the tests of mistakes, the tape, the golden values and whole programs
	MARTLET_CORE_TESTS=Errors,Gold,Tape $(TEST) -c release --scratch-path .build-release --filter '$(RELEASED)'

test-sets: setup ## run the loops' tests on each lesser instruction set, and with OpenBLAS's AVX2 kernels
	@sh Scripts/test-sets.sh $(TEST) --filter '$(LOOPS)'

accuracy: setup ## try the elementary functions on every Float, and report their largest errors
	MARTLET_SWEEP=1 $(TEST) -c release --scratch-path .build-release --filter AccuracyTests

kills: setup ## kill a training 100 times at random moments, and compare its end with a run that nobody killed
	MARTLET_KILLS=100 $(TEST) --filter KillTests

expressions: setup ## type-check 130 usual expressions in four contexts and three pairs of types, and list the slow ones
	MARTLET_EXPRESSIONS=1 $(TEST) --filter ExpressionTests

mutants: setup ## apply small faults one at a time, and list those that no test notices (ONLY="…" picks some)
	@sh Scripts/mutants.sh "$(ONLY)" $(TEST)

demo: setup ## train a classifier of handwritten digits (ARGS="…" is passed on)
	swift build -c release --product digits
	@.build/release/digits $(ARGS)

article: setup ## run the article's programs (SEED=0)
	swift build -c release --product article
	@.build/release/article $(SEED)

resnet: setup ## load a ResNet-50 that torchvision made, and compare its logits with PyTorch's
	@sh Scripts/resnet.sh

bench: setup ## measure the operations and training steps (ARGS="…" is passed on)
	@$(BENCH) $(ARGS)

bench-test: setup ## test what the bench computes
	$(BUILD) --package-path Benchmarks --scratch-path .build
	swift test --skip-build --quiet --package-path Benchmarks --scratch-path .build --disable-xctest

bench-compare: setup ## set two recorded runs side by side (OLD=a.json NEW=b.json)
	@$(BENCH) compare $(OLD) $(NEW)

bench-plot: setup ## draw a recorded run (RUN=a.json PLOT=a.svg)
	@$(BENCH) plot $(RUN) $(PLOT)

bench-peers: setup ## measure Martlet beside PyTorch and JAX, which it installs in .build (ARGS="…" is passed on)
	@sh Scripts/bench-peers.sh $(ARGS)

sanitize: sanitize-address sanitize-thread sanitize-undefined ## run the tests under the three sanitizers

sanitize-address: setup
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/foundation.leaks:print_suppressions=0 \
	  $(SANITIZED) --sanitize=address $(LLD) --scratch-path .build-address

sanitize-thread: setup
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/mutex.races \
	  $(SANITIZED) --sanitize=thread --scratch-path .build-thread

sanitize-shared: setup ## run what threads share: tensors, layers and predictions, under the thread sanitizer
	MARTLET_CORE_TESTS=Tensors TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/mutex.races \
	  $(TEST) --sanitize=thread --scratch-path .build-shared --filter 'Shared(Layer|Prediction|Tensor)Tests|EvaluationScopeTests'

sanitize-undefined: setup
	$(SANITIZED) $(UNDEFINED) $(LLD) --scratch-path .build-undefined

fuzz: setup ## give each reader of files changed inputs for a minute under the address sanitizer (SECONDS_EACH=60)
	@sh Scripts/fuzz.sh $(SECONDS_EACH)

docs: setup ## build the documentation and its tutorial in .build/docs, without warnings
	@sh Scripts/docs.sh

consumer: setup ## build a stranger's package on a tagged clone of the last commit, and let it learn XOR
	@sh Scripts/consumer.sh

gold: ## make the golden fixtures again with NumPy and PyTorch, and compare them with the committed ones
	@sh Scripts/gold.sh

imports: setup ## check that every module imports only what Package.swift lists for it
	$(BUILD) --explicit-target-dependency-import-check error

specialisation: setup ## check in a release build that every operation runs code made for Float and Double
	swift build -c release --target Martlet
	@sh Scripts/check-specialisation.sh && echo "specialisation: right"

lint: ## check format, comments, the index, the order of the floors, that derivatives and mistakes are tested, that mutants apply
	swift format lint --strict --recursive $(FORMATTED)
	@sh Scripts/operations-index.sh check
	@for what in english floors operations mistakes mutants; do sh Scripts/check-$$what.sh || exit 1; echo "$$what: right"; done

operations: ## write the index of operations in the documentation anew from the sources
	@sh Scripts/operations-index.sh

derivatives: ## print every recorded derivative with its file and line
	@sh Scripts/derivatives.sh

clean: ## remove everything that was built
	rm -rf .build .build-*
