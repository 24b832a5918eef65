package listing

import (
	"context"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

// MostCounted is how many rows of a list are counted for its total, and countPatience
// how long that may take. A longer list has more than that.
const (
	MostCounted   = 1_000
	countPatience = time.Second
)

// Count adds to a page how many rows its list has, if request asks for that and the
// page does not tell. It must not be called in a transaction: counting that takes too
// long ends its connection.
func Count[T any](read *gorm.DB, page *models.Page[T], request models.PageRequest, selected func(*gorm.DB) (*gorm.DB, error)) error {
	if !request.Count {
		return nil
	}
	reached := page.Before + len(page.Items)
	page.Total = models.Total{Number: reached, More: page.NextToken != ""}
	if !page.Total.More {
		return nil
	}
	ctx := read.Statement.Context
	waiting, done := context.WithTimeout(ctx, countPatience)
	defer done()
	db, err := selected(read.WithContext(waiting))
	if err != nil {
		return err
	}
	var n int64
	err = read.WithContext(waiting).Table("(?) AS counted", db.Select("1").Limit(MostCounted+1)).Count(&n).Error
	switch {
	case err != nil && waiting.Err() != nil && ctx.Err() == nil:
		return nil
	case err != nil:
		return err
	case n > MostCounted:
		page.Total.Number = max(reached, MostCounted)
	default:
		page.Total = models.Total{Number: max(reached, int(n))}
	}
	return nil
}
