package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.directory.people.People;
import io.cotidal.model.Permission;
import io.cotidal.server.access.SignIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who knows people by a password, as it is written. */
@Timeout(30)
final class AuthenticationSectionTest {
  private static final String GROUPS =
      "    groups: [{dn: \"cn=dba,dc=x\", role: admin}, {dn: \"cn=dev,dc=x\", role: viewer, scope: copies/*}]\n";

  @TempDir private Path folder;

  private Loaded read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("cotidal.yaml"), text);
    return Kinds.reader(Map.of(), Map.of("PW", "canary"), folder).read(file);
  }

  private Authentication valid(String text) throws IOException {
    Loaded loaded = read(text);
    assertThat(loaded).isInstanceOf(Loaded.Valid.class);
    return ((Loaded.Valid) loaded).configuration().of(Authentication.class);
  }

  @Test
  @DisplayName("Nobody, a directory by DN, one by search, and a program")
  void forms() throws IOException {
    assertThat(valid("listen: 127.0.0.1:0\n")).isEqualTo(Authentication.NONE);
    Authentication.Ldap byDn =
        valid(
                """
                authentication:
                  ldap:
                    url: ldaps://ldap.example.org
                    user-dn: "uid={user},ou=people,dc=x"
                """
                    + GROUPS)
            .ldap()
            .orElseThrow();
    assertThat(byDn.place().port()).isEqualTo(636);
    assertThat(byDn.place().tls()).isTrue();
    assertThat(byDn.place().find()).isEqualTo(new People.Find.ByDn("uid", "ou=people,dc=x"));
    assertThat(byDn.place().groups()).containsExactly("cn=dba,dc=x", "cn=dev,dc=x");
    assertThat(byDn.grants())
        .containsExactly(
            new SignIn.Grant(Permission.ADMIN, "*"),
            new SignIn.Grant(Permission.VIEWER, "copies/*"));
    Authentication both =
        valid(
            """
            authentication:
              plugin: {program: /opt/people, parameters: {realm: x}}
              ldap:
                url: ldap://127.0.0.1:1389
                limit: 1s
                base: ou=people,dc=x
                user-filter: "(&(objectClass=person)(uid={user}))"
                search: {dn: "cn=reader,dc=x", password: {secret: "env:PW"}}
            """
                + GROUPS);
    assertThat(both.ldap().orElseThrow().place().find())
        .isInstanceOfSatisfying(
            People.Find.BySearch.class,
            by -> assertThat(by.login().orElseThrow().password().reveal()).isEqualTo("canary"));
    assertThat(both.program().orElseThrow().parameters()).containsEntry("realm", "x");
    assertThat(both.toString()).doesNotContain("canary");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ldap://ldap.example.org; user-dn: \"uid={user},dc=x\"; in the clear",
        "http://ldap.example.org; user-dn: \"uid={user},dc=x\"; no address of a directory",
        "ldaps://u:p@h; user-dn: \"uid={user},dc=x\"; no address of a directory",
        "ldaps://h; user-dn: \"ou=people,dc=x\"; no DN with a name",
        "ldaps://h; user-filter: \"(uid={user})\"; is missing",
        "ldaps://h; base: dc=x; how a name becomes an entry",
        "ldaps://h; user-filter: \"(uid=eve)\"; where the name is to stand",
        "ldaps://h; user-filter: \"(uid={user}\"; no filter",
      })
  @DisplayName("What would send passwords in the clear or find the wrong people is refused")
  void refused(String url, String line, String said) throws IOException {
    Loaded loaded =
        read("authentication:\n  ldap:\n    url: " + url + "\n    " + line + "\n" + GROUPS);
    assertThat(loaded)
        .isInstanceOfSatisfying(
            Loaded.Invalid.class,
            invalid -> assertThat(invalid.problems().toString()).contains(said));
  }

  @Test
  @DisplayName(
      "A directory that gives nobody a role, and roles and scopes that are none, are refused")
  void groups() throws IOException {
    String ldap =
        "authentication:\n  ldap:\n    url: ldaps://h\n    user-dn: \"uid={user},dc=x\"\n";
    assertThat(read(ldap).toString()).contains("groups", "is missing");
    assertThat(read(ldap + "    groups: [{dn: \"cn=a,dc=x\", role: king}]\n").toString())
        .contains("role");
    assertThat(
            read(ldap + "    groups: [{dn: \"cn=a,dc=x\", role: viewer, scope: everything}]\n")
                .toString())
        .contains("no scope");
  }
}
