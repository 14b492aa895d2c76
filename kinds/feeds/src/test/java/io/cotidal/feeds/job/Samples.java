package io.cotidal.feeds.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A state repository as a master writes it, with the metadata beside the dumps. */
final class Samples {
  static final Set<String> CHANNELS = Set.of("kmi");

  private static final Map<String, String> MASTER =
      Map.of(
          "/srv/borg/download/full_data/kmi/sites/20261120-AUTO/parcels.meta.json",
          "parcels.meta.json",
          "/srv/borg/download/style_file/kmi/sites/parcels.meta.json",
          "parcels.meta.json",
          "/srv/borg/download/wms_store/remote.imagery.meta.json",
          "remote.imagery.store.meta.json",
          "/srv/borg/download/wms_layer/remote.photo_2026.meta.json",
          "remote.photo_2026.layer.meta.json",
          "/srv/borg/download/live_store/ops.fleet.meta.json",
          "ops.fleet.store.meta.json",
          "/srv/borg/download/live_layer/ops.tracks.meta.json",
          "ops.tracks.layer.meta.json");

  private Samples() {}

  static SortedMap<String, String> state() {
    Path root = folder().resolve("state");
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file).toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  static Optional<String> fetched(Blob blob) {
    return Optional.ofNullable(MASTER.get(blob.path()))
        .filter(_ -> blob.host().equals("borg@master.example.org"))
        .map(Samples::master);
  }

  static String master(String file) {
    try {
      return Files.readString(folder().resolve("master-files").resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one thing that these files say; paths and texts in turn. */
  static Thing one(String... files) {
    List<Thing> things = all(Documents.NONE, files);
    if (things.size() != 1) {
      throw new AssertionError("one thing was expected: " + things);
    }
    return things.getFirst();
  }

  static List<Thing> all(Documents documents, String... files) {
    SortedMap<String, String> state = new TreeMap<>();
    for (int i = 0; i < files.length; i += 2) {
      state.put(files[i], files[i + 1]);
    }
    return Jobs.read(state, Set.of("kmi", "other"), documents);
  }

  private static Path folder() {
    try {
      return Path.of(Samples.class.getResource("samples").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
