package io.cotidal.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.objects.swift.AccountPage;
import io.cotidal.objects.swift.AccountPage.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The list of an account over all sites")
class ListTest {
  private static Row row(String name) {
    return new Row(name, false, 1, 10, "2026-11-23T00:00:00.000000");
  }

  private static AccountPage page(String... names) {
    List<Row> rows = Arrays.stream(names).map(ListTest::row).toList();
    return new AccountPage(rows, names.length, names.length, 10L * names.length);
  }

  private static Asked asked(String query) {
    return Asked.of("/v1/AUTH_test" + query).orElseThrow();
  }

  private static List<String> names(Merged merged) {
    return merged.rows().stream().map(Row::name).toList();
  }

  @Test
  @DisplayName("is in the order of the bytes of its names, each once, with the greatest counts")
  void order() {
    String late = "\ud83d\ude00";
    String early = "\uff5e";
    AccountPage west =
        new AccountPage(
            List.of(new Row("b", false, 7, 3, "2027-01-01T00:00:00.000000"), row(early)), 2, 8, 13);
    Merged merged = Merged.of(List.of(page("a", "b", late), west), asked(""));
    assertThat(names(merged)).containsExactly("a", "b", early, late);
    assertThat(merged.rows().get(1))
        .isEqualTo(new Row("b", false, 7, 10, "2026-11-23T00:00:00.000000"));
    assertThat(merged.containers()).isEqualTo(4);
    assertThat(merged.objects()).isEqualTo(10);
  }

  @Test
  @DisplayName("ends at the limit; then the counts are the greatest that a site has told")
  void limit() {
    AccountPage east = new AccountPage(page("a", "c").rows(), 20, 5, 6);
    AccountPage west = new AccountPage(page("b", "d").rows(), 30, 4, 7);
    Merged merged = Merged.of(List.of(east, west), asked("?limit=2"));
    assertThat(names(merged)).containsExactly("a", "b");
    assertThat(merged.containers()).isEqualTo(30);
    assertThat(merged.objects()).isEqualTo(5);
    assertThat(merged.bytes()).isEqualTo(20);
    assertThat(
            names(Merged.of(List.of(page("d", "b"), page("c", "a")), asked("?reverse=on&limit=3"))))
        .containsExactly("d", "c", "b");
  }

  @Test
  @DisplayName("is asked of a site as the client has asked, but for format and limit")
  void query() {
    Asked asked =
        asked("?format=xml&prefix=a%2Fb&limit=12&delimiter=%2F&marker=a%26&end_marker=z&reverse=1");
    assertThat(asked.first())
        .isEqualTo("prefix=a%2Fb&delimiter=%2F&end_marker=z&reverse=1&marker=a%26&limit=12&");
    assertThat(asked.after("x y"))
        .isEqualTo("prefix=a%2Fb&delimiter=%2F&end_marker=z&reverse=1&marker=x%20y&");
    assertThat(asked("").first()).isEqualTo("limit=10000&");
    assertThat(asked("?limit=x").limit()).isEqualTo(10_000);
    assertThat(asked("?limit=99999999999").limit()).isEqualTo(10_000);
    assertThat(asked("?limit=0").limit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"?temp_url_sig=x", "?%6Cimit=3", "?Limit=3", "?AWSAccessKeyId=a", "?marker=%zz"})
  @DisplayName("is not made of what is asked for in another way")
  void unknown(String query) {
    assertThat(Asked.of("/v1/AUTH_test" + query)).isEqualTo(Optional.empty());
  }

  @Test
  @DisplayName("is written as Swift writes it")
  void text() {
    List<Row> rows =
        List.of(new Row("a\"\\ü<\u007f😀", false, 2, 3, "t"), new Row("b&/", true, 0, 0, ""));
    assertThat(ListText.of("application/json; charset=utf-8").write("A", rows))
        .isEqualTo(
            "[{\"name\": \"a\\\"\\\\\\u00fc<\\u007f\\ud83d\\ude00\", \"count\": 2, \"bytes\": 3,"
                + " \"last_modified\": \"t\"}, {\"subdir\": \"b&/\"}]");
    assertThat(ListText.of("text/xml").write("A\"", rows))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <account name="A&quot;">
            <container><name>a"\\ü&lt;\u007f😀</name><count>2</count><bytes>3</bytes><last_modified>t</last_modified></container>
            <subdir name="b&amp;/" />
            </account>\
            """);
    assertThat(ListText.of("text/plain").write("A", rows)).isEqualTo("a\"\\ü<\u007f😀\nb&/\n");
    assertThat(ListText.JSON.write("A", List.of())).isEqualTo("[]");
  }
}
