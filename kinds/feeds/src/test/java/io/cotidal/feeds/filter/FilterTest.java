package io.cotidal.feeds.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
@DisplayName("a filter is a Python lambda over one job")
class FilterTest {
  private static final Map<String, Object> JOB = job();

  private static Map<String, Object> job() {
    Map<String, Object> job = new HashMap<>();
    job.put("auth_level", 2L);
    job.put("ratio", 0.5);
    job.put("name", "parcels");
    job.put("title", "  Land Parcels ");
    job.put("workspace", "sites");
    job.put("spatial_data", true);
    job.put("none", null);
    job.put("empty", "");
    job.put("keywords", List.of("cadastre", "land"));
    job.put("geoserver_setting", Map.of("create_cache_layer", true, "meta", List.of(1L, 1L)));
    job.put("password", "hunter2");
    return job;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lambda job: True",
        "lambda job:job.get('auth_level',-1) in [0,1,2]",
        "lambda j: j['workspace'] == \"sites\" and not j.get('missing')",
        "  lambda job : job.get('workspace') in ('sites', 'ops',) or job['nothing']['more']",
        "lambda job: 0 <= job['auth_level'] < 3 != 4",
        "lambda job: job['auth_level'] == 2.0 and job['auth_level'] > 1.99e0 and True == 1",
        "lambda job: job['name'].startswith(('road', 'par')) and job['name'].endswith('cels')",
        "lambda job: job['title'].strip().lower() == 'land parcels' and 'AND' in job['title'].upper()",
        "lambda job: len(job['name']) == 7 and len(job['keywords']) == 2",
        "lambda job: 'land' in job['keywords'] and 'sea' not in job['keywords']",
        "lambda job: job['keywords'][0] == 'cadastre' and job['keywords'][-1] == 'land'",
        "lambda job: job.get('geoserver_setting', job).get('meta') == [1, 1]",
        "lambda job: job.get('missing', job).get('spatial_data')",
        "lambda job: job['missing'] is None and job.get('none', 1) is None and 1 is not None",
        "lambda job: bool(job.get('name')) and not bool(job.get('empty'))",
        "lambda job: job['auth_level'] == 2 if job['spatial_data'] else False",
        "lambda job: (job['auth_level'] > 5\n  or job['ratio'] <= .5)",
        "lambda job: u'it\\'s' == \"it's\" and '\\x41\\u00e4\\101\\d' == 'AäA\\\\d'",
        "lambda job: 'name' in job and 'nobody' not in job and len(job)",
        "lambda job: True or job['name'] < 1",
        "lambda len: len.get('name')"
      })
  void admits(String text) {
    assertThat(Filter.parse(text).judge(JOB).admitted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          lambda job: False | False
          lambda job: job.get('auth_level',-1) in [0,1] | job.get('auth_level',-1) in [0,1], where job.get('auth_level',-1) is 2
          lambda job: job['spatial_data'] and (job['name'] == 'x' and True) | job['name'] == 'x', where job['name'] is 'parcels'
          lambda job: job.get('allow_authenticated',False) | job.get('allow_authenticated',False), which is False
          lambda job: job['a'] or job['b'] | job['a'] or job['b'], where job['a'] is None and job['b'] is None
          lambda job: (job['a'] or job['b']) and True | job['a'] or job['b'], where job['a'] is None and job['b'] is None
          lambda job: not job['name'] | not job['name'], where job['name'] is 'parcels'
          lambda job: job['auth_level'] == 0 if job['name'] else True | job['auth_level'] == 0, where job['auth_level'] is 2
          lambda job: job['name'].startswith('road') | job['name'].startswith('road'), where job['name'] is 'parcels'
          lambda job: len(job['keywords']) > 2 | len(job['keywords']) > 2, where job['keywords'] is a list of 2
          lambda job: job['password'] == '' | job['password'] == '', where job['password'] is ***
          lambda job: job['name'] < 3 | job['name'] < 3: a text and a number have no order, so the job is excluded
          lambda job: not job['name'] < 3 | job['name'] < 3: a text and a number have no order, so the job is excluded
          lambda job: job['none'] >= 3 | job['none'] >= 3: None and a number have no order, so the job is excluded
          lambda job: job['missing'].lower() == 'a' | job['missing'].lower(): None has no lower(), so the job is excluded
          lambda job: job.get('name').get('x') | job.get('name').get('x'): a text has no get(), so the job is excluded
          lambda job: 'a' in job['none'] | 'a' in job['none']: values such as None contain nothing, so the job is excluded
          lambda job: 1 in job['name'] | 1 in job['name']: a number cannot be in a text, so the job is excluded
          lambda job: job['keywords'][2] | job['keywords'][2]: there is no such place, so the job is excluded
          lambda job: job[[]] | job[[]]: a list cannot be a key, so the job is excluded
          """)
  @DisplayName("a refusal names the smallest clause that explains it, with what it saw")
  void refuses(String text, String clause) {
    assertThat(Filter.parse(text).judge(JOB)).isEqualTo(new Filter.Verdict(false, clause));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~ | line 1, column 1: found the end; here may stand lambda NAME: EXPRESSION
          True | line 1, column 1: found `True`; here may stand lambda NAME: EXPRESSION
          lambda: True | line 1, column 7: found `:`; here may stand a name for the job
          lambda in: True | line 1, column 8: found `in`; here may stand a name for the job
          lambda job, x: True | line 1, column 11: found `,`; here may stand a colon
          lambda job: | line 1, column 12: found the end; here may stand the job's name
          lambda job: x == 1 | line 1, column 13: found `x`; here may stand the job's name
          lambda job: __import__('os') | line 1, column 13: found `__import__`
          lambda job: job.keys() | line 1, column 17: found `keys`; here may stand get, startswith
          lambda job: job.__class__ | line 1, column 17: found `__class__`
          lambda job: job['a'] + 1 | line 1, column 22: found `+`
          lambda job: job['a'] - 1 | line 1, column 22: found `-`; here may stand a comparison
          lambda job: job['a'] = 1 | line 1, column 22: found `=`
          lambda job: job('a') | line 1, column 16: found `(`
          lambda job: job.get('a', 1, 2) | line 1, column 27: found `,`; here may stand )
          lambda job: job.get(key='a') | line 1, column 24: found `=`
          lambda job: job['a' | line 1, column 20: found the end; here may stand ]
          lambda job: 'a | line 1, column 13: found a text that does not end
          lambda job: 'a' 'b' | line 1, column 17: found `'b'`
          lambda job: f'{job}' | line 1, column 13: found `f` before a text
          lambda job: 012 | line 1, column 13: found `012` and more
          lambda job: 0x12 | line 1, column 13: found `0` and more
          lambda job: '\\uZZZZ' | line 1, column 14: found `\\uZZZZ`; here may stand 4 hexadecimal digits
          lambda job: job['a'] is 'b' | line 1, column 25: found `'b'`; here may stand None, True or False
          lambda job: True if False | line 1, column 26: found the end; here may stand else
          lambda job: [x for x in job] | line 1, column 14: found `x`
          lambda job: {1} | line 1, column 13: found `{`
          lambda job: (lambda x: x) | line 1, column 14: found `lambda`
          lambda job: True; False | line 1, column 17: found `;`
          lambda job: True # no | line 1, column 18: found `#`
          """)
  @DisplayName("everything else is refused with the place, what was found and what may stand there")
  void everythingElse(String text, String message) {
    assertThatThrownBy(() -> Filter.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("filter, " + message);
  }

  @Test
  void linesAreCounted() {
    assertThatThrownBy(() -> Filter.parse("lambda job: (True\n  and +)"))
        .hasMessageStartingWith("filter, line 2, column 7: found `+`");
  }

  @Test
  @DisplayName("what is too long or nests too deeply is refused")
  void bounded() {
    assertThatThrownBy(() -> Filter.parse("lambda job: " + " ".repeat(10_000) + "True"))
        .hasMessageContaining("at most 10000");
    for (String deep :
        List.of(
            "(".repeat(4000) + "1" + ")".repeat(4000),
            "not ".repeat(2000) + "1",
            "job" + "['a']".repeat(1900),
            "[".repeat(9000),
            "1 if 1 else ".repeat(800) + "1",
            "len(".repeat(2000))) {
      assertThatThrownBy(() -> Filter.parse("lambda job: " + deep))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("deeper than 64");
    }
    assertThat(Filter.parse("lambda job: " + "(".repeat(60) + "1" + ")".repeat(60)).judge(JOB))
        .isEqualTo(new Filter.Verdict(true, "1"));
  }

  @Test
  @DisplayName("a map that holds itself ends in a refusal")
  void endless() {
    Map<String, Object> loop = new HashMap<>();
    Map<String, Object> other = new HashMap<>();
    loop.put("a", loop);
    other.put("a", other);
    loop.put("b", List.of(other));
    assertThat(Filter.parse("lambda job: job['a'] == job['b'][0]").judge(loop).admitted())
        .isFalse();
  }

  @Test
  @DisplayName("a filter is a value: equal by its text")
  void value() {
    assertThat(Filter.parse("lambda job: True"))
        .isEqualTo(Filter.ALL)
        .hasSameHashCodeAs(Filter.ALL);
    assertThat(Filter.parse("lambda job:True")).isNotEqualTo(Filter.ALL);
    assertThat(Filter.ALL.judge(Map.of()).admitted()).isTrue();
    assertThat(Filter.NONE.judge(Map.of()).admitted()).isFalse();
    assertThat(Filter.NONE.text()).isEqualTo("lambda job: False");
  }
}
