package io.cotidal.app.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A GeoServer that fails while much is published, and those who read meanwhile. */
final class FaultStory {
  /** More than a publication changes by calls, so that the last of them see no fault. */
  private static final int LAYERS = 10;

  /** So often a GeoServer is told before the way back is taken. */
  private static final int TRIES = 3;

  private static final int ROWS = 60;

  private final FeedsLab lab;
  private final ReplicaDesk desk;

  FaultStory(FeedsScene scene) {
    this.lab = scene.lab;
    this.desk = scene.desk;
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= LAYERS; i++) {
      names.add("layer%02d".formatted(i));
    }
    return names;
  }

  private static List<String> jobs(List<String> names) {
    return names.stream().map(name -> "layer/faults." + name).toList();
  }

  /** Tables with other rows, another title and other styles. */
  private String publish(List<String> names, String word) throws Exception {
    return lab.commit(
        word,
        () -> {
          Path style = lab.master.file("faults." + word + ".sld", OlderJobsStory.style(word));
          String pointer = lab.master.pointer(style);
          String styles = "{\"builtin\": %1$s, \"outline\": %1$s}".formatted(pointer);
          for (String name : names) {
            lab.master.table("faults", name, ROWS, word);
          }
          SideBySide.each(
              names,
              name ->
                  lab.master.publish(
                      "faults",
                      name,
                      lab.master.dump("faults", name),
                      Map.of("styles", styles, "title", "\"" + name + " " + word + "\"")));
        });
  }

  /** A first publication and a change while GeoServer fails, and one more; nobody notices. */
  void tell() throws Exception {
    List<String> names = names();
    whileFailing(names, "first");
    Set<String> styles = new TreeSet<>();
    names.forEach(name -> styles.addAll(List.of(name, name + ".outline")));
    assertThat(lab.geoserver.styles("faults")).containsExactlyInAnyOrderElementsOf(styles);
    try (Audience audience = new Audience(lab, desk)) {
      names.forEach(name -> audience.reads("faults." + name, ROWS));
      audience.features("faults", names).maps("faults", names);
      whileFailing(names, "second");
      desk.inForce(publish(names, "third"), jobs(names));
      assertThat(audience.troubles()).isEmpty();
      assertThat(audience.answered()).isGreaterThan(3 * LAYERS);
      System.out.println("measured: feeds/S9: readers of 20 publications: " + audience.measured());
    }
    assertThat(lab.geoserver.styles("faults")).containsExactlyInAnyOrderElementsOf(styles);
    for (String name : names) {
      assertThat(lab.rows("faults." + name)).as(name).isEqualTo("third " + ROWS);
    }
    // What failed was loaded beside, and was not loaded again.
    assertThat(lab.tables("faults_data")).hasSizeLessThanOrEqualTo(3 * LAYERS);
  }

  /** Of the n-th layer fails the n-th call that changes something, until it is given up. */
  private void whileFailing(List<String> names, String word) throws Exception {
    for (int i = 0; i < names.size(); i++) {
      lab.geoserver.fail(names.get(i), i + 1, TRIES);
    }
    desk.inForce(publish(names, word), jobs(names));
    Set<String> spared = lab.geoserver.failing();
    boolean _ = lab.geoserver.heal();
    int failed = LAYERS - spared.size();
    System.out.println("measured: feeds/S8: calls that failed, " + word + ": " + failed);
    assertThat(spared).as("every call was met").isNotEmpty();
    assertThat(failed).isGreaterThan(3);
    assertThat(names.subList(0, failed)).doesNotContainAnyElementsOf(spared);
    for (String job : jobs(names.subList(0, failed))) {
      assertThat(desk.operations(job))
          .as(job)
          .anyMatch(each -> each.text("state").equals("failed"));
    }
  }
}
