package query

import (
	"errors"
	"testing"
)

const people = "name,age,town\nAda,36,London\n\"Gr,ace\",85,\nAlan,41,Wilmslow\n"

func TestCSV(t *testing.T) {
	for text, want := range map[string]string{
		"select * from ossobject":                                                             "Ada,36,London\n\"Gr,ace\",85,\nAlan,41,Wilmslow\n",
		"select town, NAME from ossobject where age > 40":                                     ",\"Gr,ace\"\nWilmslow,Alan\n",
		"select _1 from ossobject where town != ''":                                           "Ada\nAlan\n",
		"select name from ossobject where name like 'A_a%' or (name || age) = 'Alan41'":       "Ada\nAlan\n",
		"select name from ossobject where not (age < 40) and name = 'Gr,ace'":                 "\"Gr,ace\"\n",
		"select count(*), avg(cast(age as int)), max(age), min(age), sum(age) from ossobject": "3,54,85,36,162\n",
		"select name from ossobject limit 1":                                                  "Ada\n",
		"select name from ossobject where age * 2 >= 80 and age % 2 = 1":                      "\"Gr,ace\"\nAlan\n",
		"select name from ossobject where shoe is null and name is not null limit 1":          "Ada\n",
	} {
		q, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := string(q.CSV(people, CSV{Names: true, Last: -1}, Output{})); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	const text = `{"all":[{"a":{"b":1},"c":"x/y"},{"a":{"b":2.50},"c":null}]}`
	for query, want := range map[string]string{
		"select * from ossobject.all[*] where a.b = 2.5": `{"a":{"b":2.50},"c":null};`,
		"select a.b, c from ossobject.all[0]":            `{"b":1,"c":"x\/y"};`,
		"select sum(a.b) as s from ossobject.all[*]":     `{"s":3.5};`,
	} {
		q, err := Parse(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		got, err := q.JSON([]byte(text), JSON{Last: -1}, Output{Record: ";"})
		if string(got) != want || err != nil {
			t.Errorf("%s: %s %v, want %s", query, got, err, want)
		}
	}
}

func TestLines(t *testing.T) {
	q, err := Parse("select a from ossobject where a > 1")
	if err != nil {
		t.Fatal(err)
	}
	got, err := q.JSON([]byte("{\n \"a\": 1\n}\n{\"a\": 2}\n{\"a\":3}"), JSON{Lines: true, Last: 1}, Output{})
	if string(got) != "{\"a\":2}\n" || err != nil {
		t.Errorf("%q %v", got, err)
	}
}

func TestWhatIsNoQuery(t *testing.T) {
	for _, text := range []string{
		"", "select", "select from ossobject", "select * from other", "select a || b from ossobject", "select * from ossobject where avg(a) > 1",
		"select * from ossobject group by a", "select * from ossobject order by a", "select * from ossobject o join p on o.a = p.a",
		"select a, count(*) from ossobject", "select * from ossobject where a = 'x", "select * from ossobject where cast(a as shoe) = 1",
		"select * from ossobject where a like b", "select * from ossobject limit x", "select a.[ from ossobject", "select * from ossobject;",
	} {
		if _, err := Parse(text); !errors.Is(err, ErrSyntax) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzQuery runs whatever comes over both kinds of objects: no query panics or
// runs on.
func FuzzQuery(f *testing.F) {
	f.Add("select name from ossobject where age > 40 and not town like '%n_'", people)
	f.Add("select sum(cast(a as int)) from ossobject.b[*] where a is null limit 3", `{"b":[{"a":1}]}`)
	f.Fuzz(func(t *testing.T, text, object string) {
		if len(text)+len(object) > 4<<10 {
			return
		}
		q, err := Parse(text)
		if err != nil {
			if !errors.Is(err, ErrSyntax) {
				t.Fatal(err)
			}
			return
		}
		q.CSV(object, CSV{Names: true, Last: -1}, Output{All: true, Names: true})
		if _, err := q.JSON([]byte(object), JSON{Lines: true, Last: -1}, Output{}); err != nil && !errors.Is(err, ErrJSON) {
			t.Fatal(err)
		}
	})
}
