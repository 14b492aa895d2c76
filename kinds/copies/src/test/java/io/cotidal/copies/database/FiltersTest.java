package io.cotidal.copies.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@DisplayName("Filters of dumps")
final class FiltersTest {
  private static String definers(String sql) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Definers(in(sql), out, true).run();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String ownership(String sql) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Ownership(in(sql), out).run();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static ByteArrayInputStream in(String sql) {
    return new ByteArrayInputStream(sql.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'DEFINER=`a`@`b`';",
        "SELECT 'it\\'s DEFINER=a@b';",
        "SELECT 'it''s DEFINER=a@b';",
        "SELECT \"DEFINER=a@b\";",
        "SELECT `DEFINER=a@b`;",
        "-- DEFINER=a@b\n",
        "# it's DEFINER=a@b\n",
        "/* it's DEFINER=a@b */",
        "/*/ DEFINER=a@b */",
        "SET my_definer=a@b;",
        "SET definer = 5;",
        "SET sql_mode = 'NO_BACKSLASH_ESCAPES'; SELECT '\\'; CREATE DEFINER=a@b VIEW",
        "DELIMITER //\nINSERT INTO a VALUES (1)//\nSET sql_mode='NO_BACKSLASH_ESCAPES'//\n"
            + "SELECT '\\'//\nCREATE DEFINER=a@b VIEW",
        "\\d //\nREPLACE INTO a VALUES (1)//\nSET sql_mode='NO_BACKSLASH_ESCAPES'//\n"
            + "SELECT '\\'//\nCREATE DEFINER=a@b VIEW",
        "/*!40101 SET NAMES gbk */; CREATE DEFINER=a@b VIEW",
        "SELECT 5--1, 'x'"
      })
  @DisplayName("copies/A8: what only looks like a definer stays as it is")
  void kept(String sql) throws Exception {
    assertThat(definers(sql)).isEqualTo(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DEFINER=`root`@`localhost`",
        "definer = 'ro''ot' @ '%'",
        "DEFINER=root@10.0.0.%",
        "DEFINER=`a``b`@`x y`"
      })
  @DisplayName("copies/A8: every spelling of an account is replaced")
  void replaced(String definer) throws Exception {
    assertThat(definers("/*!50017 " + definer + "*/ 'DEFINER=a@b'"))
        .isEqualTo("/*!50017 " + definer.substring(0, 7) + "=CURRENT_USER*/ 'DEFINER=a@b'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO a VALUES ('NO_BACKSLASH_ESCAPES');",
        "/*!40000 ALTER TABLE a DISABLE KEYS */;\nINSERT INTO a VALUES (1,'x NO_BACKSLASH_ESCAPES');",
        "DELIMITER ;;\nSELECT 1;;\nDELIMITER ;\nINSERT INTO a VALUES ('\\'NO_BACKSLASH_ESCAPES');"
      })
  @DisplayName("copies/A8: what rows say of settings is nobody's setting")
  void rows(String sql) throws Exception {
    assertThat(definers(sql + "\nCREATE DEFINER=a@b VIEW"))
        .isEqualTo(sql + "\nCREATE DEFINER=CURRENT_USER VIEW");
  }

  @Test
  @DisplayName("copies/A8: a definer is found wherever the reads of the file happen to end")
  void boundaries() throws Exception {
    for (int length = 131_000; length < 131_100; length++) {
      String before = "x".repeat(length) + " ";
      assertThat(definers(before + "DEFINER=`a`@`b` VIEW"))
          .isEqualTo(before + "DEFINER=CURRENT_USER VIEW");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT '\nALTER TABLE x OWNER TO y;\n';\n",
        "SELECT E'it\\'s\nGRANT a TO b;\n';\n",
        "SELECT $a$\nGRANT a TO b;\n$b$ $a$;\n",
        "SELECT $$\nGRANT a TO b;\n$$;\n",
        "/* a /* b */\nGRANT a TO b;\n*/ SELECT 1;\n",
        "COPY t (a) FROM stdin;\nGRANT a TO b;\n\\restrict x\n\\.\nSELECT 1;\n",
        "COPY t (a) FROM stdin;\n\\.x\n\\\\.\n\\\nGRANT a TO b;\n\\.\r\nSELECT 1;\n",
        "COPY t (a) FROM stdin;\nGRANT a TO b;\n\\.",
        "SELECT 1\nGRANT a TO b;\n",
        "SELECT \"\nGRANT a TO b;\n\";\n"
      })
  @DisplayName("copies/A8: strings, comments and rows that look like grants stay as they are")
  void keptRows(String sql) throws Exception {
    assertThat(ownership(sql)).isEqualTo(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE public.t OWNER TO bob;",
        "ALTER TABLE public.t OWNER TO \"bob; x\";",
        "GRANT ALL ON TABLE t TO bob;",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
        "\\restrict abc123",
        "\\unrestrict abc123"
      })
  @DisplayName(
      "copies/A8: owners, grants and guards leave an empty line, so lines keep their numbers")
  void leftOut(String line) throws Exception {
    assertThat(ownership("SELECT 1;\n" + line + "\nSELECT 2;\n"))
        .isEqualTo("SELECT 1;\n\nSELECT 2;\n");
  }

  @Test
  @DisplayName("copies/A2: a dump that ends within a string or within rows is cut short")
  void cut() {
    assertThatThrownBy(() -> definers("SELECT 1;\nSELECT 'a")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> ownership("\nSELECT $$a")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> ownership("COPY t FROM stdin;\n1\n2")).hasMessageContaining("line 1");
  }

  @Test
  @DisplayName(
      "of what mariadb-install-db prints the server's own complaint is shown, not its advice")
  void installing() {
    String said =
        """
        Installing MariaDB/MySQL system tables in '/v/data' ...
        2026-11-22 11:24:40 1 [Warning] something
        ERROR: 1051  Unknown table 'mysql.tmp_user_sys'
        2026-11-22 11:24:40 0 [ERROR] Aborting

        Installation of system tables failed!  Examine the logs in
        /v/data for more information.

        You can find the latest information at https://mariadb.org/jira
        """;
    assertThat(Complaints.installing(said))
        .isEqualTo("ERROR: 1051  Unknown table 'mysql.tmp_user_sys'");
    assertThat(Complaints.installing("cannot run\n\n")).isEqualTo("cannot run");
    assertThat(Complaints.installing("")).isEqualTo("it printed nothing");
  }

  @Test
  @DisplayName("copies/A2: what a client says is shown without the statement and its values")
  void complaints() {
    String mariadb =
        """
        --------------
        INSERT 'geheim'
        --------------

        ERROR 1062 (23000) at line 9: Duplicate entry 'geheim' for key 'PRIMARY'
        """;
    assertThat(Complaints.mariadb(mariadb)).isEqualTo("line 9: error 1062: Duplicate entry …");
    assertThat(Complaints.mariadb("geheim")).doesNotContain("geheim");
    String psql =
        """
        psql:<stdin>:8: ERROR:  22P02: invalid input syntax for type integer: "geheim"
        LINE 1: geheim
        """;
    assertThat(Complaints.psql(psql))
        .isEqualTo("line 7: error 22P02: invalid input syntax for type integer: …");
    assertThat(Complaints.psql("psql:<stdin>:8: ERROR:  P0001: geheim")).doesNotContain("geheim");
    String restore =
        """
        pg_restore: error: could not execute query: ERROR:  value "geheim"
        Command was: geheim
        """;
    assertThat(Complaints.restore(restore)).isEqualTo("value …");
  }
}
