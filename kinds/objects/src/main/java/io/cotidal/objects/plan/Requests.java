package io.cotidal.objects.plan;

import io.cotidal.engine.Command;
import io.cotidal.model.Details;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import java.util.stream.Collectors;

/** What people ask for, checked before it becomes an operation. */
final class Requests {
  private static final String CONTAINER = "container";

  private final Picture picture;
  private final ObjectsSpec spec;

  Requests(Picture picture) {
    this.picture = picture;
    this.spec = picture.spec();
  }

  Details prepare(Command.Begin asked) {
    String where = asked.input().get(CONTAINER, "");
    if (asked.type().equals(Prove.NAME)) {
      return where.isEmpty() ? Details.NONE : input(where);
    }
    if (asked.type().equals(Converge.USUAL.name())) {
      return input(where);
    }
    if (asked.type().equals(Appoint.PROMOTE.name())) {
      return Details.of(Acts.SITE, site(asked).member().name());
    }
    if (asked.type().equals(Appoint.DEMOTE.name())) {
      return demoted(site(asked));
    }
    throw new IllegalArgumentException(asked.type() + " is not asked for: Cotidal plans it itself");
  }

  private Site site(Command.Begin asked) {
    String name = asked.input().get(Acts.SITE, "");
    return spec.sites().stream()
        .filter(site -> site.member().name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "site: there is no site '%s' here; write one of %s"
                    .formatted(
                        name,
                        spec.sites().stream()
                            .map(site -> site.member().name())
                            .collect(Collectors.joining(", ")))));
  }

  private Details demoted(Site site) {
    boolean another =
        spec.sites().stream()
            .anyMatch(each -> !each.equals(site) && picture.role(each) == Site.Role.ACTIVE);
    if (!another) {
      throw new IllegalArgumentException(
          "site: no other site serves clients: promote another one before " + site.member());
    }
    return Details.of(Acts.SITE, site.member().name());
  }

  private Details input(String where) {
    int slash = where.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "container: write ACCOUNT/CONTAINER, for example AUTH_test/photos");
    }
    ContainerName name = new ContainerName(where.substring(0, slash), where.substring(slash + 1));
    if (!spec.accounts().contains(name.account())) {
      throw new IllegalArgumentException(
          "container: nobody looks after account "
              + name.account()
              + " here; the configuration names "
              + String.join(", ", spec.accounts()));
    }
    return Details.of(Acts.ACCOUNT, name.account()).with(Acts.CONTAINER, name.container());
  }
}
