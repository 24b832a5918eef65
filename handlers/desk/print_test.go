package desk

import (
	"errors"
	"testing"

	"muster/models"
	"muster/seen"
)

func TestPrint_ReadsNoMoreThanAPaperHolds(t *testing.T) {
	t.Parallel()
	none := func(r models.PageRequest) (seen.Page[int], error) {
		return seen.Page[int]{Items: make([]int, r.Size/2)}, nil
	}
	if rows, err := upTo(printedRows, none); err != nil || len(rows) != models.MaxPageSize/2 {
		t.Errorf("%d rows of the only page, %v", len(rows), err)
	}
	broken := errors.New("broken")
	fails := func(models.PageRequest) (seen.Page[int], error) { return seen.Page[int]{}, broken }
	if _, err := upTo(printedRows, fails); !errors.Is(err, broken) {
		t.Errorf("what failed is told as %v", err)
	}
}
