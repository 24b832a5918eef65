package words_test

import (
	"context"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"muster/views/words"
)

// catalog reads one language's file: the texts of each id, by plural form.
func catalog(t *testing.T, code string) map[string]map[string]string {
	t.Helper()
	content, err := os.ReadFile(code + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(content, &raw); err != nil {
		t.Fatal(err)
	}
	texts := map[string]map[string]string{}
	for id, value := range raw {
		texts[id] = map[string]string{}
		switch v := value.(type) {
		case string:
			texts[id]["other"] = v
		case map[string]any:
			for form, text := range v {
				texts[id][form], _ = text.(string)
			}
		}
	}
	return texts
}

var gap = regexp.MustCompile(`\{\{\.\w+\}\}|[\[\]]`)

func gaps(text string) []string {
	found := gap.FindAllString(text, -1)
	slices.Sort(found)
	return found
}

// TestCatalog_IsWholeInEveryLanguage compares each language with English: the
// same ids, the same gaps, nothing empty and nothing left in English.
func TestCatalog_IsWholeInEveryLanguage(t *testing.T) {
	t.Parallel()
	english := catalog(t, "en")
	same := []string{"time.format", "time.format_exact", "time.minutes", "time.in", "frame.optional", "frame.pages", "my.administration", "result.computer"}
	for _, l := range words.Languages()[1:] {
		texts := catalog(t, l.Code)
		for id, forms := range english {
			if texts[id]["other"] == "" {
				t.Errorf("%s lacks %s", l.Code, id)
				continue
			}
			if !slices.Equal(gaps(texts[id]["other"]), gaps(forms["other"])) {
				t.Errorf("%s: %s has the gaps %v, English %v", l.Code, id, gaps(texts[id]["other"]), gaps(forms["other"]))
			}
			if texts[id]["other"] == forms["other"] && !slices.Contains(same, id) {
				t.Errorf("%s: %s is English", l.Code, id)
			}
		}
		for id := range texts {
			if english[id] == nil {
				t.Errorf("%s has %s, which English lacks", l.Code, id)
			}
		}
	}
}

func TestMatch_ChoiceThenBrowserThenEnglish(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ chosen, accept, want string }{
		{"", "", "en"},
		{"", "de-CH,de;q=0.9,en;q=0.8", "de"},
		{"", "fr-CA", "fr"},
		{"", "es-419,es;q=0.9", "es"},
		{"", "ja", "ja"},
		{"", "pt-BR,pt;q=0.9,en;q=0.5", "en"},
		{"", "ko, ja;q=0.4", "ja"},
		{"", "*", "en"},
		{"", "de;q=0, fr", "fr"},
		{"", "\x00;;;q=9", "en"},
		{"es", "de", "es"},
		{"xx", "de", "de"},
	} {
		if got := words.Match(c.chosen, c.accept); got != c.want {
			t.Errorf("chosen %q, Accept-Language %q: %q, want %q", c.chosen, c.accept, got, c.want)
		}
	}
}

func TestSay_FillsGapsAndCounts(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 3, 8, 5, 0, 0, time.UTC)
	for code, want := range map[string][3]string{
		"":   {"This registration token expired on 3 Nov 2026, 08:05 UTC.", "1 day", "2 days"},
		"de": {"Dieses Registrierungstoken ist am 03.11.2026, 08:05 UTC abgelaufen.", "1 Tag", "2 Tagen"},
		"ja": {"この登録トークンは 2026年11月3日 08:05 UTC に期限が切れました。", "1 日", "2 日"},
		"xx": {"This registration token expired on 3 Nov 2026, 08:05 UTC.", "1 day", "2 days"},
	} {
		ctx := words.In(context.Background(), code)
		got := [3]string{words.Say(ctx, "refusal.expired.message", words.Data{"Date": words.Date(ctx, at, at)}), words.Count(ctx, "time.days", 1), words.Count(ctx, "time.days", 2)}
		if got != want {
			t.Errorf("%q: %q", code, got)
		}
	}
}
