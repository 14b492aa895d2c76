package io.cotidal.feeds.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Hooks in an hgrc")
@Timeout(20)
class HgRcTextTest {
  private static final List<String> COMMAND = List.of("/opt/cot", "feed", "hook", "it's a map");
  private static final String OURS =
      """
      precommit.cotidal = echo 'no commit here: this clone follows its master; commit there' >&2; exit 1
      pretxnchangegroup.cotidal = /opt/cot feed hook 'it'\\''s a map'
      """;

  @TempDir Path folder;

  @Test
  @DisplayName("come into a file that has none")
  void empty() {
    assertThat(HgRcText.merge("", COMMAND).text()).isEqualTo("[hooks]\n" + OURS);
    assertThat(HgRcText.merge("[paths]\ndefault = /a", COMMAND).text())
        .isEqualTo("[paths]\ndefault = /a\n\n[hooks]\n" + OURS);
  }

  @Test
  @DisplayName("take the place of the original's, which become comments; all else stays")
  void original() {
    HgRcText merged =
        HgRcText.merge(
            """
            # ours
            [extensions]
            strip =

            [hooks]
            precommit = .hg/denied.sh
            ; the old way
            pretxnchangegroup = code/venv/bin/honcho -e code/.env run
              code/venv/bin/python code/slave_sync.py
            pretxnchangegroup.mail = /usr/local/bin/tell
            [paths]
            default = ssh://hg@example.org/state
            """,
            COMMAND);
    assertThat(merged.text())
        .isEqualTo(
            """
            # ours
            [extensions]
            strip =

            [hooks]
            %sprecommit = .hg/denied.sh
            ; the old way
            # switched off, for Cotidal does it: pretxnchangegroup = code/venv/bin/honcho -e code/.env run
            # switched off, for Cotidal does it:   code/venv/bin/python code/slave_sync.py
            pretxnchangegroup.mail = /usr/local/bin/tell
            [paths]
            default = ssh://hg@example.org/state
            """
                .formatted(OURS));
    assertThat(merged.switchedOff())
        .containsExactly(
            "pretxnchangegroup = code/venv/bin/honcho -e code/.env run code/venv/bin/python code/slave_sync.py");
    assertThat(HgRcText.merge(merged.text(), COMMAND).text()).isEqualTo(merged.text());
    assertThat(HgRcText.merge(merged.text(), COMMAND).switchedOff()).isEmpty();
  }

  @Test
  @DisplayName("are ours once only, with the newest command, wherever they stood")
  void changed() {
    String before =
        """
        [hooks]
        pretxnchangegroup.cotidal = /old/cot
          more
        incoming = x
        %unset pretxnchangegroup.cotidal
        [ui]
        pretxnchangegroup.cotidal = of another section
        %include other.rc
        [hooks]
        pretxnchangegroup.cotidal = /older/cot
        """;
    HgRcText merged = HgRcText.merge(before, List.of("/new/cot"));
    assertThat(merged.text())
        .contains("pretxnchangegroup.cotidal = /new/cot\nincoming = x\n[ui]\n")
        .contains("pretxnchangegroup.cotidal = of another section")
        .doesNotContain("/old", "more", "%unset");
    assertThat(merged.includes()).containsExactly("other.rc");
  }

  @Test
  @DisplayName("are quoted for the shell that runs them")
  void quoted() {
    assertThat(HgRcText.shell(List.of("python:x", "a b", "$(c)", "", "d-e_f/g.h")))
        .isEqualTo("'python:x' 'a b' '$(c)' '' d-e_f/g.h");
  }

  @Test
  @DisplayName("leave the file to whom it belonged, for Mercurial runs no hooks of strangers")
  void owner() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "SKIPPED: only root can give away");
    Path file = Files.createDirectories(folder.resolve(".hg")).resolve("hgrc");
    Files.setAttribute(file.getParent(), "unix:uid", 65534);
    HgRc.install(folder, COMMAND);
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(65534);
    Files.setAttribute(file, "unix:uid", 65533);
    HgRc.install(folder, List.of("/opt/other"));
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(65533);
  }

  @Test
  @DisplayName("leave the text before beside it, with its mode, and nothing the second time")
  void installed() throws Exception {
    Path file = Files.createDirectories(folder.resolve(".hg")).resolve("hgrc");
    Files.writeString(file, "[paths]\ndefault = /a\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    HgRc.Installed first = HgRc.install(folder, COMMAND);
    assertThat(first.changed()).isTrue();
    assertThat(first.backup().orElseThrow()).hasContent("[paths]\ndefault = /a\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    HgRc.Installed second = HgRc.install(folder, COMMAND);
    assertThat(second.changed()).isFalse();
    assertThat(second.backup()).isEmpty();
    assertThat(HgRc.install(folder, List.of("/opt/other")).backup().orElseThrow())
        .content()
        .contains("/opt/cot feed hook");
  }
}
