package io.cotidal.feeds.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.feeds.spec.FeedsSpec.Tool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Addresses of repositories")
@Timeout(20)
class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "/srv/a state, file",
    "file:///srv/state, file",
    "ssh://borg@master.example:2222/srv/state, ssh",
    "borg@master.example:state.git, ssh",
    "master:/srv/state, ssh",
    "https://master.example/state, https",
    "http://127.0.0.1:8000/, http",
    "git://localhost/state, git"
  })
  @DisplayName("are taken with the one protocol that they mean")
  void good(String text, String scheme) throws Exception {
    assertThat(Address.of(text, Tool.GIT, false)).isEqualTo(new Address(text, scheme));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c touch% /tmp/x",
        "-oProxyCommand=x",
        "--upload-pack=x",
        "ssh://-oProxyCommand=x/srv",
        "ssh://-x@host/srv",
        "-x@host:srv",
        "fd::17",
        "static-http://host/x",
        "relative/path",
        "file://host/srv",
        "http://master.example/state",
        "git://master.example/state",
        "https:///state",
        "ssh://host/a\nb",
        "a b",
        ""
      })
  @DisplayName(
      "are refused in one line if they could mean something else, or nothing protects them")
  void bad(String text) {
    for (Tool tool : Tool.values()) {
      assertThatThrownBy(() -> Address.of(text, tool, false))
          .isInstanceOf(RepositoryException.class)
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  @DisplayName("with a password are refused, and the password is not told")
  void password() {
    assertThatThrownBy(() -> Address.of("https://u:canary-7@host/x", Tool.GIT, false))
        .hasMessageContaining("host: its address has a password")
        .message()
        .doesNotContain("canary");
  }

  @Test
  @DisplayName("are shown without what may be a token")
  void token() throws Exception {
    Address address = Address.of("https://canary@host/x@y", Tool.GIT, false);
    assertThat(address.text()).contains("canary");
    assertThat(address.shown()).isEqualTo("https://host/x@y");
  }

  @Test
  @DisplayName("without protection are good enough for what is signed, and not for Mercurial")
  void signed() throws Exception {
    assertThat(Address.of("git://master.example/s", Tool.GIT, true).scheme()).isEqualTo("git");
    assertThatThrownBy(() -> Address.of("git://localhost/s", Tool.HG, false))
        .isInstanceOf(RepositoryException.class);
    for (String each : List.of("borg@master:s", "bundle:/srv/x", "union:/a+/b")) {
      assertThatThrownBy(() -> Address.of(each, Tool.HG, false))
          .isInstanceOf(RepositoryException.class);
    }
  }

  @Test
  @DisplayName("of a clone may be paths from the clone on")
  void relative() throws Exception {
    assertThat(Address.inClone("../master", Path.of("/srv/clone"), Tool.HG, false).text())
        .isEqualTo("/srv/master");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x", "a..b", "a:b", "a\"b", "a\\b", "a*", "a\nb", "a'b", "(a)", "a/"})
  @DisplayName("go with branches of usual names only")
  void branches(String name) {
    assertThatThrownBy(() -> Branches.check(name)).isInstanceOf(RepositoryException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "No ED25519 host key is known for [h]:1 and you have requested strict checking.|UNKNOWN_HOST",
        "fatal: Could not read from remote repository.|UNREACHABLE",
        "abort: repository /x not found|UNREACHABLE",
        "abort: error: Connection refused|UNREACHABLE",
        "fatal: Unable to create '/x/a.lock': File exists.|LOCKED",
        "fatal: Unable to create '/x/a.lock': Permission denied|BROKEN",
        "abort: repository /x: timed out waiting for lock held by 'h:7'|LOCKED",
        "fatal: bad object 1234|BROKEN"
      })
  @DisplayName("fail for reasons that are told apart")
  void kinds(String words, Kind kind) {
    assertThat(Complaint.kind("remote: hello\n" + words + "\nmore\n")).isEqualTo(kind);
    assertThat(Complaint.of("/x\u001b", words).getMessage()).doesNotContain("\n", "\u001b");
  }
}
