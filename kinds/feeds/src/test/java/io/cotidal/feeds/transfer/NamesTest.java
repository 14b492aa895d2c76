package io.cotidal.feeds.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.job.Blob;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("names of hosts and files that come from jobs")
final class NamesTest {
  private static final String MD5 = "0123456789abcdef0123456789abcdef";

  private static void refused(Blob blob) {
    assertThatThrownBy(() -> Names.check(blob))
        .isInstanceOfSatisfying(
            TransferException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(TransferException.Kind.REFUSED);
              assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(400);
              assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"borg@aws-borg-1a", "master", "10.0.0.1", "u_1@[::1]", "borg@host.example.org"})
  @DisplayName("ordinary hosts are taken")
  void hosts(String host) throws Exception {
    assertThat(Names.check(new Blob(host, "/a", MD5)).host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-oProxyCommand=touch /tmp/x",
        "-oProxyCommand=x@host",
        "user@-oProxyCommand=x",
        "host -l root",
        "a@b@c",
        "host:",
        "host::module",
        "host/..",
        "host\n",
        "$(id)@host",
        "h\u00f6st",
        "user@"
      })
  @DisplayName("feeds/S15: a host that could be an option, a module or two words is refused")
  void hostileHosts(String host) {
    refused(new Blob(host, "/a", MD5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/",
        "/a/",
        "../a",
        "/../../etc/passwd",
        "/a/../b",
        "/a/./b",
        "/a/..",
        "/a\nb",
        "/a\u0000b",
        "/a\u202eb",
        "/a\u2028b",
        "/\ud800"
      })
  @DisplayName("feeds/S15: a path that leaves its place or hides something is refused")
  void hostilePaths(String path) {
    refused(new Blob("host", path, MD5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a",
        "/a/--rsync-path=x",
        "/a b/'c\".db",
        "/a/*?[x].sld",
        "/caf\u00e9",
        "/#a/;b",
        "//a//b"
      })
  @DisplayName("whatever else a file may be called is taken, for it is never an argument")
  void oddPaths(String path) throws Exception {
    assertThat(Names.check(new Blob("host", path, "")).path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "0123456789ABCDEF0123456789ABCDEF",
        "../../../../../../../../../../../",
        "0123456789abcdef0123456789abcde\n"
      })
  @DisplayName("feeds/S15: a checksum that is none is refused, for it names files here")
  void hostileChecksums(String md5) {
    refused(new Blob("host", "/a", md5));
  }

  @Test
  @DisplayName("too long a path, or a part of one, is refused")
  void tooLong() {
    refused(new Blob("host", "/" + "a".repeat(256), ""));
    refused(new Blob("host", "/" + "\u00e9".repeat(128), ""));
    refused(new Blob("host", "/ab".repeat(1500), ""));
  }

  @Property
  @Label("whatever is taken is no option, has no line break, and leads nowhere else")
  void taken(
      @ForAll @StringLength(max = 30) @CharRange(from = 0, to = 300) String host,
      @ForAll @StringLength(max = 30) @CharRange(from = '#', to = ':') String path,
      @ForAll @StringLength(max = 30) @CharRange(from = 0, to = 0xffff) String tail) {
    Blob blob = new Blob(host.isEmpty() ? "h" : host, "/" + path + tail, "");
    Blob known = new Blob("h", "/" + path + tail, "");
    for (Blob each : java.util.List.of(blob, known)) {
      try {
        Names.check(each);
      } catch (TransferException e) {
        assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl);
        continue;
      }
      assertThat(each.host()).doesNotStartWith("-").doesNotContain(":", "/", " ", "\n");
      assertThat(each.path()).startsWith("/").doesNotContain("\n", "\u0000");
      assertThat(each.path().split("/")).doesNotContain("..", ".");
      assertThat(Names.key(each)).matches("[0-9a-f]{64}");
    }
  }
}
