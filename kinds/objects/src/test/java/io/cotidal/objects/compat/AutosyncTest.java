package io.cotidal.objects.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("what Swift Autosync's settings come to")
final class AutosyncTest {
  private static String resource(String name) throws IOException {
    try (InputStream in = AutosyncTest.class.getResourceAsStream("/autosync/" + name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static SiteFiles site(String name) throws IOException {
    String proxy = name + "-proxy-server.conf";
    String container = name + "-container-server.conf";
    return new SiteFiles(
        new SiteFiles.File(proxy, resource(proxy)),
        Optional.of(new SiteFiles.File(container, resource(container))));
  }

  private static Adopted one(String text) throws UnreadableConf {
    return Autosync.of(List.of(new SiteFiles(new SiteFiles.File("p", text), Optional.empty())));
  }

  @Test
  @DisplayName("the original's two sites, the second of which asks nobody who he is")
  void twoSites() throws Exception {
    Adopted adopted = Autosync.of(List.of(site("primary"), site("secondary")));
    assertThat(adopted.yaml()).isEqualTo(resource("expected.yaml")).doesNotContain("canary");
    assertThat(adopted.removals())
        .containsExactly(
            "primary-proxy-server.conf: lines 8-9: take autosync out: pipeline = catch_errors"
                + " healthcheck cache container_sync tempauth proxy-server",
            "primary-proxy-server.conf: lines 24-27: remove [filter:autosync]",
            "secondary-proxy-server.conf: line 7: take autosync out: pipeline = catch_errors"
                + " healthcheck cache proxy-server",
            "secondary-proxy-server.conf: lines 12-17: remove [filter:autosync]",
            "primary-proxy-server.conf: line 4: remove allowed_sync_hosts",
            "secondary-proxy-server.conf: line 3: remove allowed_sync_hosts",
            "primary-container-server.conf: line 3: take the peers out: allowed_sync_hosts ="
                + " 127.0.0.1",
            "secondary-container-server.conf: line 2: remove allowed_sync_hosts",
            "swift/common/middleware/autosync.py and its entry in setup.py: remove both, then"
                + " restart the proxies");
    assertThat(adopted.warnings())
        .satisfiesExactly(
            warning ->
                assertThat(warning)
                    .isEqualTo(
                        "secondary-proxy-server.conf: line 17: autosync_placment: the original does"
                            + " not read this option; it is left out"),
            warning -> assertThat(warning).contains("override_auth is on", "X-Orig-Cluster"),
            warning -> assertThat(warning).contains("asks nobody who he is"),
            warning -> assertThat(warning).contains("secondary", "no container_sync"),
            warning -> assertThat(warning).contains("X-Container-Sync-To"));
  }

  @Test
  @DisplayName("one file is enough: the other site is marked for somebody to fill in")
  void oneSite() throws Exception {
    Adopted adopted = Autosync.of(List.of(site("primary")));
    assertThat(adopted.yaml())
        .contains(
            "      - name: \"secondary\"\n        url: \"http://secondary.com:8080/v1\"\n"
                + "        role: backup # FILL IN: active if clients are served there; its files"
                + " were not given\n        tempauth:\n"
                + "          auth: \"http://secondary.com:8080/auth/v1.0\" # FILL IN: if it is"
                + " another one\n"
                + "          user: \"account:user\" # FILL IN: one of the group .reseller_admin\n");
    assertThat(adopted.warnings()).hasSize(1);
  }

  @ParameterizedTest
  @DisplayName("clusters however they are written")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          HTTP://Primary.COM:8080/   | http://primary.com:8080/v1   | primary
          primary.com                | http://primary.com/v1        | primary
          https://10.0.0.1/v1/       | https://10.0.0.1/v1          | 10.0.0.1
          http://[::1]:8080          | http://[::1]:8080/v1         | site-8080
          http://namespace.x:1       | http://namespace.x:1/v1      | namespace.x
          """)
  void clusters(String written, String url, String name) throws UnreadableConf {
    String yaml =
        one("[filter:autosync]\nautosync_my_cluster: %s\nautosync_placement = %s , http://o:1"
                .formatted(written, written))
            .yaml();
    assertThat(yaml).contains("- name: \"" + name + "\"\n        url: \"" + url + "\"\n");
    assertThat(yaml.split("- name:", -1)).hasSize(3);
  }

  @Test
  @DisplayName("sites of one name are told apart")
  void names() throws UnreadableConf {
    String yaml =
        one("[filter:autosync]\nautosync_placement = http://s.a:1,http://s.b:1,http://s.b:2")
            .yaml();
    assertThat(yaml).contains("\"s\"\n", "\"s.b\"\n", "\"s.b-2\"\n");
  }

  @Test
  @DisplayName("the filter under another name, its settings among the defaults, Keystone")
  void keystone() throws UnreadableConf {
    Adopted adopted =
        one(
            """
            [DEFAULT]
            autosync_my_cluster = http://a:8080
            autosync_placement = http://a:8080,http://b:8080,nonsense?,
            [pipeline:main]
            pipeline = authtoken keystoneauth mirror proxy-server
            [filter:authtoken]
            www_authenticate_uri = http://k:5000
            password = canary
            [filter:keystoneauth]
            use = egg:swift#keystoneauth
            [filter:mirror]
            use = egg:swift#AutoSync
            """);
    assertThat(adopted.yaml())
        .contains("auth: \"http://k:5000/v3\"\n", "auth: \"https://keystone.example/v3\" # FILL IN")
        .doesNotContain("canary", "tempauth");
    assertThat(adopted.removals())
        .contains(
            "p: line 5: take mirror out: pipeline = authtoken keystoneauth proxy-server",
            "p: lines 11-12: remove [filter:mirror]");
    assertThat(adopted.warnings())
        .anySatisfy(warning ->
            assertThat(warning)
                .isEqualTo(
                    "p: autosync_placement: 'nonsense?' is no address; write that site by hand"));
  }

  @Test
  @DisplayName("settings that contradict each other, or are missing, are told")
  void contradictions() throws Exception {
    assertThat(
            one("[filter:autosync]\nautosync_my_cluster = http://a:1\nautosync_placement = http://b:1")
                .warnings())
        .anySatisfy(warning -> assertThat(warning).contains("is not in autosync_placement"))
        .anySatisfy(warning -> assertThat(warning).contains("does not name all sites"))
        .anySatisfy(warning -> assertThat(warning).contains("the pipeline has no autosync"));
    assertThat(one("[filter:autosync]\nautosync_my_cluster = http://a:1").warnings())
        .anySatisfy(warning -> assertThat(warning).contains("a placement middleware"));
    assertThatThrownBy(() -> one("[filter:autosync]\nuse = egg:swift#autosync"))
        .isInstanceOf(UnreadableConf.class)
        .hasMessageStartingWith("p: names no cluster; ");
  }

  @ParameterizedTest
  @DisplayName("what is no such file is refused in one line")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                     | p: has no [filter:autosync]; name the proxy-server.conf of a site with it
          [filter:tempauth]      | p: has no [filter:autosync]; name the proxy-server.conf of a site with it
          key = value            | p: line 1: is neither a section nor a key with its value; correct it
          [a]~canary             | p: line 2: is neither a section nor a key with its value; correct it
          [a]~k = BELL           | p: line 2: holds control characters; save it as text
          """)
  void refused(String text, String message) {
    String whole = text.replace('~', '\n').replace("BELL", "\u0007");
    assertThatThrownBy(() -> one(whole)).isInstanceOf(UnreadableConf.class).hasMessage(message);
  }

  @Test
  @DisplayName("no file, however broken, does more than be refused")
  void hostile() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String good = resource("primary-proxy-server.conf");
    List<String> pieces =
        List.of("[", "]", "=", "\n", "\n ", "%(here)s", "\"", "\\", "#", ",", "é");
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder(good);
      for (int j = random.nextInt(8); j >= 0; j--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.insert(at, pieces.get(random.nextInt(pieces.size())));
        } else {
          text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
        }
      }
      List<String> said = new ArrayList<>();
      try {
        Adopted adopted = one(text.toString());
        said.addAll(adopted.removals());
        said.addAll(adopted.warnings());
      } catch (UnreadableConf e) {
        said.add(e.getMessage());
      }
      assertThat(said).as("seed " + seed).allMatch(line -> line.lines().count() == 1);
    }
    assertThatThrownBy(() -> one("x".repeat(1_000_001))).isInstanceOf(UnreadableConf.class);
    assertThatThrownBy(() -> one("[a]\n" + "x ".repeat(400_000)))
        .isInstanceOf(UnreadableConf.class);
  }
}
