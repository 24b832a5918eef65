package projection

import "gorm.io/gorm"

// firstAnalysis is after how many changes PostgreSQL is told to look at the tables.
const firstAnalysis = 500

// analyze lets PostgreSQL count the rows of tables that have grown since it last
// did. By itself it looks once a minute, and until then reads whole tables that it
// believes to be empty.
func (p *Projector) analyze(tx *gorm.DB, applied int64) error {
	if !isPostgres(tx) || applied < p.analyzeAt.Load() {
		return nil
	}
	p.analyzeAt.Store(2 * applied)
	var known float64
	err := tx.Raw("SELECT reltuples FROM pg_class WHERE oid = CAST('desk_uses' AS regclass)").Scan(&known).Error
	if err != nil || 2*known >= float64(applied) {
		return err
	}
	return tx.Exec("ANALYZE desk_uses, desk_sightings, desk_names, desk_words").Error
}
