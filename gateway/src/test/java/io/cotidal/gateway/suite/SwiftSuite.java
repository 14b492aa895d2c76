package io.cotidal.gateway.suite;

import io.cotidal.lab.swift.SwiftLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Swift's functional tests, of the sources that Debian's package was made of, as {@code ./check
 * slow} has fetched them. They know nothing of a gateway.
 */
final class SwiftSuite {
  /** The folder in which the sources' {@code test} is. */
  static final String PLACE = "COT_SWIFT_SUITE";

  /** Somebody with a service's token, as the tests call him. */
  static final SwiftLogin SERVICE = SwiftLogin.of("test5", "tester5", "testing5", "service");

  /** Somebody who may do everything, as the tests call him. */
  static final SwiftLogin ADMIN = SwiftLogin.of("test6", "tester6", "testing6", ".reseller_admin");

  private static final String PYTHON = "/usr/bin/python3";
  private static final Pattern WRONG = Pattern.compile("^(?:FAILED|ERROR) (\\S+)");
  private static final Pattern SUM = Pattern.compile("(\\d+) (passed|skipped)");

  private final Path sources;
  private final Path folder;

  /**
   * What became of tests.
   *
   * @param wrong those that failed, by what pytest calls them
   */
  record Ended(TreeSet<String> wrong, int passed, int skipped) {}

  /** With a folder for what is written. */
  SwiftSuite(Path sources, Path folder) {
    this.sources = sources;
    this.folder = folder;
  }

  /** Where the sources are, if they were fetched. */
  static Optional<Path> sources() {
    return Optional.ofNullable(System.getenv(PLACE))
        .map(Path::of)
        .filter(path -> Files.isRegularFile(path.resolve("test/functional/tests.py")));
  }

  /**
   * Runs tests at whatever listens at that port of 127.0.0.1.
   *
   * @param tests as pytest names them: files, or single tests
   * @throws IOException if they did not come to an end
   */
  Ended run(String name, int port, List<String> tests, Duration patience)
      throws IOException, InterruptedException {
    Path config = Files.writeString(folder.resolve(name + ".conf"), config(port));
    Path log = folder.resolve(name + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short", "-rfE"));
    command.addAll(tests);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(sources.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "SWIFT_TEST_CONFIG_FILE",
                config.toString(),
                "SWIFT_TEST_IN_PROCESS",
                "false",
                "PYTHONPATH",
                sources.toString(),
                "PYTHONDONTWRITEBYTECODE",
                "1"));
    Process process = builder.start();
    try {
      if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("the suite did not end in time; see " + log);
      }
    } finally {
      process.destroyForcibly();
    }
    return ended(Files.readAllLines(log), log);
  }

  private static Ended ended(List<String> lines, Path log) throws IOException {
    TreeSet<String> wrong = new TreeSet<>();
    for (String line : lines) {
      Matcher matcher = WRONG.matcher(line);
      if (matcher.find()) {
        wrong.add(matcher.group(1));
      }
    }
    String last = lines.isEmpty() ? "" : lines.getLast();
    int passed = 0;
    int skipped = 0;
    for (Matcher sum = SUM.matcher(last); sum.find(); ) {
      if (sum.group(2).equals("passed")) {
        passed = Integer.parseInt(sum.group(1));
      } else {
        skipped = Integer.parseInt(sum.group(1));
      }
    }
    if (!last.contains(" in ")) {
      throw new IOException("the suite broke off: " + last + "; see " + log);
    }
    return new Ended(wrong, passed, skipped);
  }

  private static String config(int port) {
    return """
    [func_test]
    auth_uri = http://127.0.0.1:%1$d/auth/v1.0
    s3_storage_url = http://127.0.0.1:%1$d/
    s3_region = us-east-1
    account = test
    username = tester
    password = testing
    s3_access_key = test:tester
    s3_secret_key = testing
    account2 = test2
    username2 = tester2
    password2 = testing2
    username3 = tester3
    password3 = testing3
    s3_access_key2 = test:tester2
    s3_secret_key2 = testing2
    s3_access_key3 = test:tester3
    s3_secret_key3 = testing3
    account5 = test5
    username5 = tester5
    password5 = testing5
    service_prefix = SERVICE
    account6 = test6
    username6 = tester6
    password6 = testing6
    collate = C
    insecure = no
    """
        .formatted(port);
  }
}
