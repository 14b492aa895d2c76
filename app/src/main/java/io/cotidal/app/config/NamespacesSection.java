package io.cotidal.app.config;

import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.objects.spec.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what stands below {@code objects}: a namespace each. */
public final class NamespacesSection extends KindSection<Namespaces> {
  /** The section. */
  public NamespacesSection() {
    super(Namespaces.KIND, Namespaces.class);
  }

  @Override
  Namespaces read(Section root, Given given) {
    List<ObjectsSpec> namespaces = new ArrayList<>();
    Map<Path, String> folders = new LinkedHashMap<>();
    Map<String, String> owners = new LinkedHashMap<>();
    root.named(key())
        .forEach((name, section) ->
            new ObjectsSection(section, given.secrets())
                .read(name)
                .ifPresent(spec -> {
                  String other = folders.putIfAbsent(spec.folder(), name);
                  if (other != null) {
                    section.problem(
                        "folder",
                        "is the folder of " + other + " too",
                        "give each namespace a folder of its own");
                  }
                  owned(spec, section, owners);
                  namespaces.add(spec);
                }));
    return new Namespaces(namespaces);
  }

  /** Two namespaces over one account would each take the other's deletions for its own. */
  private static void owned(ObjectsSpec spec, Section section, Map<String, String> owners) {
    for (Site site : spec.sites()) {
      for (String account : spec.accounts()) {
        String other = owners.putIfAbsent(site.url() + " " + account, spec.id().name());
        if (other != null && !other.equals(spec.id().name())) {
          section.problem(
              "accounts",
              Quote.of(account) + " at " + site.url() + " is in " + other + " too",
              "keep it in one of them");
        }
      }
    }
  }
}
