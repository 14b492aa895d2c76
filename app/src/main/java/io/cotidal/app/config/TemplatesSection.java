package io.cotidal.app.config;

import io.cotidal.copies.compat.MyaasEnvironment;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.model.Permission;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what stands below {@code copies}: templates, the folder of dumps, the original's API. Where
 * nothing stands there, the original's own variables may say it.
 */
public final class TemplatesSection extends KindSection<Templates> {
  private static final String FOLDER = "folder";
  private static final String COMPAT = "compat";
  private static final int PORT = 5_001;

  /** The section. */
  public TemplatesSection() {
    super("copies", Templates.class);
  }

  @Override
  boolean meant(Map<String, String> environment) {
    return MyaasEnvironment.isMeant(environment);
  }

  @Override
  Templates read(Section root, Given given) {
    return root.has(key()) || !meant(given.environment())
        ? written(root, given.secrets())
        : new OriginalEnvironment(given.environment(), given.report()).read();
  }

  private Templates written(Section root, Secrets secrets) {
    List<CopiesSpec> named = new ArrayList<>();
    Optional<CopiesSpec> folder = Optional.empty();
    Optional<Templates.Compat> compat = Optional.empty();
    for (var each : root.named(key()).entrySet()) {
      switch (each.getKey()) {
        case FOLDER -> folder = folder(each.getValue(), secrets);
        case COMPAT -> compat = Optional.of(compat(each.getValue()));
        default ->
            new CopiesSection(each.getValue(), secrets).read(each.getKey()).ifPresent(named::add);
      }
    }
    return new Templates(named, folder, compat);
  }

  private static Optional<CopiesSpec> folder(Section section, Secrets secrets) {
    if (!section.has("dumps")) {
      section.problem("dumps", "is missing", "write the absolute path of the folder of dumps");
    }
    return new CopiesSection(section, secrets).read(FOLDER);
  }

  private static Templates.Compat compat(Section section) {
    InetSocketAddress standard = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT);
    InetSocketAddress listen =
        section.get("listen", Forms.listen(), Value.standard(standard, "127.0.0.1:" + PORT));
    Optional<Permission> anonymous =
        section.has("anonymous-as")
            ? Optional.of(
                section.get(
                    "anonymous-as",
                    Forms.word(Permission.class),
                    Value.standard(Permission.VIEWER, "viewer")))
            : Optional.empty();
    if (anonymous.filter(Permission.ADMIN::equals).isPresent()) {
      section.problem(
          "anonymous-as",
          "nobody in particular hands out tokens",
          "write viewer, user or operator");
    }
    section.close();
    return new Templates.Compat(listen, anonymous, Templates.Compat.PREFIX, false);
  }
}
