package projection

import "gorm.io/gorm"

// firstAnalysis is after how many changes a database is told to look at the tables.
const firstAnalysis = 500

// analyze lets a database count the rows of tables that have grown since it last did.
// PostgreSQL by itself looks once a minute, and until then reads whole tables that it
// believes to be empty; SQLite never does, and then cannot tell which of two indexes
// finds fewer rows.
func (p *Projector) analyze(tx *gorm.DB, applied int64) error {
	if applied < p.analyzeAt.Load() {
		return nil
	}
	p.analyzeAt.Store(2 * applied)
	if isPostgres(tx) {
		var known float64
		err := tx.Raw("SELECT reltuples FROM pg_class WHERE oid = CAST('desk_uses' AS regclass)").Scan(&known).Error
		if err != nil || 2*known >= float64(applied) {
			return err
		}
	}
	return Analyze(tx)
}

// Analyze lets a database count the rows of the desk's tables. SQLite looks at so many
// entries of each index: redemptions wait for it.
func Analyze(tx *gorm.DB) error {
	if isPostgres(tx) {
		return tx.Exec("ANALYZE desk_uses, desk_sightings, desk_names, desk_words").Error
	}
	for _, statement := range []string{
		"PRAGMA analysis_limit = 400", "ANALYZE desk_uses", "ANALYZE desk_sightings", "ANALYZE desk_names", "ANALYZE desk_words",
	} {
		if err := tx.Exec(statement).Error; err != nil {
			return err
		}
	}
	return nil
}
