#!/bin/sh
# Prints the closing line of `make test` from what gotestsum counted. Fails when
# nothing ran and, with CI set, when a test was skipped; gotestsum itself fails
# when a test did.
set -eu
if test "$TESTS_FAILED" -gt 0; then
  # A package that does not build counts as failed, but not as a test that ran.
  printf '%d ran, %d failed\n' "$TESTS_TOTAL" "$TESTS_FAILED"
  exit
fi
passed=$((TESTS_TOTAL - TESTS_SKIPPED))
if test "$TESTS_SKIPPED" -eq 0; then
  printf '%d passed, 0 failed\n' "$passed"
else
  printf '%d passed, 0 failed, %d skipped\n' "$passed" "$TESTS_SKIPPED"
  test -z "${CI:-}"
fi
test "$passed" -gt 0
