package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"
)

// floor is how many times the page of a registration token on an empty database a page
// may take, aim how many it should.
const floor, aim = 10, 3

// measurePages visits every page at a size, and compares each with the page of a
// registration token on an empty database.
func measurePages(ctx context.Context, filled, empty *program, database string) error {
	before, err := emptyPage(ctx, empty)
	if err != nil {
		return err
	}
	began := read(filled)
	t, err := newTour(ctx, filled, func(m measured) {
		if m.cost > floor*before.cost || m.status >= http.StatusInternalServerError {
			fmt.Fprintf(os.Stderr, "%8.1f ms of %8.1f ms  %d  %s\n", milliseconds(m.cost), milliseconds(m.took), m.status, m.name)
		}
	})
	if err != nil {
		return err
	}
	// What was measured until somebody ended it is told as well.
	err = t.run(ctx)
	strangers, after := read(filled).strangers(began), before
	if err == nil {
		after, err = emptyPage(ctx, empty)
	}
	unit := measured{took: (before.took + after.took) / 2, cost: (before.cost + after.cost) / 2}
	slices.SortFunc(t.pages, func(a, b measured) int { return cmp.Compare(b.cost, a.cost) })
	over := func(times int) int {
		n, _ := slices.BinarySearchFunc(t.pages, time.Duration(times)*unit.cost, func(m measured, most time.Duration) int { return cmp.Compare(most, m.cost) })
		return n
	}
	fmt.Printf("%s: the page of a registration token on an empty database takes %.1f ms, %.1f ms of the processor (before %.1f, after %.1f); others used %.0f %% of a processor.\n",
		database, milliseconds(unit.took), milliseconds(unit.cost), milliseconds(before.cost), milliseconds(after.cost), 100*strangers)
	fmt.Printf("%d pages, files and questions: %d cost more than %d times that, %d more than %d times.\n\n", len(t.pages), over(floor), floor, over(aim), aim)
	fmt.Println("| | time | of the empty page's | processor | of the empty page's |\n|---|---|---|---|---|")
	for _, m := range t.pages {
		fmt.Printf("| %s | %.1f ms | %.1f | %.1f ms | %.1f |\n", m.name,
			milliseconds(m.took), float64(m.took)/float64(unit.took), milliseconds(m.cost), float64(m.cost)/float64(unit.cost))
	}
	return err
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// emptyPage is what the page of a registration token without uses takes.
func emptyPage(ctx context.Context, p *program) (measured, error) {
	hot, err := newHotToken(ctx, p)
	if err != nil {
		return measured{}, err
	}
	b, err := newBrowser(ctx, p)
	if err != nil {
		return measured{}, err
	}
	var times, costs []float64
	for range 30 {
		before := ran(p)
		got, err := b.get(ctx, "/admin/registration-tokens/"+hot.ID)
		if err != nil {
			return measured{}, err
		}
		times, costs = append(times, float64(got.took)), append(costs, float64(ran(p)-before))
	}
	return measured{took: time.Duration(median(times)), cost: time.Duration(median(costs))}, nil
}
