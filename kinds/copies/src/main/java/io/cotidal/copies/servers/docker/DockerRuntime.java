package io.cotidal.copies.servers.docker;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.servers.ServerLog;
import io.cotidal.copies.servers.ServerRuntime;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs database servers in containers of a Docker Engine on this host, each from an image that
 * honours the environment of the original's (see {@link ContainerForm}). The containers' labels are
 * the records: whoever has the same owner finds them again. Thread-safe.
 *
 * <p>The Engine never restarts a container; Cotidal does. With the Engine's {@code live-restore}
 * servers outlive its restart, without it they end in order, their data kept.
 */
public final class DockerRuntime implements ServerRuntime {
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,150}");
  private static final Logger log = LoggerFactory.getLogger(DockerRuntime.class);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration LOG = Duration.ofSeconds(2);
  private static final int LINES = 100;

  private final DockerSettings settings;
  private final DockerApi api;
  private final SecureRandom random;

  /**
   * With those settings; asks the Engine nothing yet.
   *
   * @param random makes the words that images insist on
   */
  public DockerRuntime(DockerSettings settings, SecureRandom random) {
    this.settings = settings;
    this.random = random;
    api = new DockerApi(settings.socket());
  }

  @Override
  public String name() {
    return "docker";
  }

  /** No image is ever pulled: whoever operates the host says what runs on it. */
  @Override
  public void require(Deadline deadline) throws IOException {
    if (api.image(settings.image(), deadline).isEmpty()) {
      throw noImage();
    }
  }

  @Override
  public void start(Place place, Program program, Details labels, Deadline deadline)
      throws IOException, InterruptedException {
    String name = container(place.id());
    SortedMap<String, String> marks = Labels.of(settings.owner(), place.id(), labels);
    ImageProgram fitting = ImageProgram.of(program, place);
    int uid = uid(place);
    initialised(place, fitting);
    Image image = api.image(settings.image(), deadline).orElseThrow(this::noImage);
    clear(name, place, deadline);
    var form = new ContainerForm(settings.image(), image.volumes(), fitting, throwAway());
    switch (api.create(name, form.json(place, uid, marks), deadline)) {
      case DockerApi.Created.NoImage() -> throw noImage();
      case DockerApi.Created.NameTaken(String reason) ->
          throw new DockerException("the container " + name + " cannot be made: " + reason);
      case DockerApi.Created.Made(String id) -> run(id, place, deadline);
    }
  }

  @Override
  public Standing standing(Place place) throws IOException {
    Optional<Container> found = mine(place, patience());
    return found.isEmpty() ? Standing.GONE : found.get().standing();
  }

  @Override
  public Map<String, Standing> standings() throws IOException {
    Map<String, Standing> all = new TreeMap<>();
    for (Container container : api.list(Labels.owned(settings.owner()), patience())) {
      String place = container.labels().get(Labels.PLACE);
      if (place != null) {
        all.put(place, container.standing());
      }
    }
    return all;
  }

  @Override
  public void pause(Place place) throws IOException, InterruptedException {
    Deadline deadline = patience();
    if (needed(place, deadline).standing() != Standing.PAUSED) {
      api.pause(container(place.id()), deadline);
    }
  }

  @Override
  public void resume(Place place) throws IOException, InterruptedException {
    Deadline deadline = patience();
    if (needed(place, deadline).standing() == Standing.PAUSED) {
      api.unpause(container(place.id()), deadline);
    }
  }

  @Override
  public void stop(Place place, boolean clean, Deadline deadline)
      throws IOException, InterruptedException {
    Optional<Container> found = mine(place, deadline);
    if (found.isEmpty()) {
      return;
    }
    String name = found.get().name();
    if (found.get().standing() == Standing.PAUSED) {
      // The Engine neither stops nor kills what is frozen.
      api.unpause(name, deadline);
    }
    if (clean && found.get().standing() != Standing.GONE) {
      api.stop(name, Math.max(1, deadline.left().toSeconds() / 2), deadline);
    }
    keep(found.get(), place, deadline);
    remove(name, deadline);
  }

  @Override
  public String lastWords(Place place) {
    try {
      Deadline deadline = patience();
      Optional<Container> found = mine(place, deadline);
      return found.isEmpty() ? "" : words(found.get(), deadline);
    } catch (IOException e) {
      return "unknown: " + e.getMessage();
    }
  }

  private void run(String id, Place place, Deadline deadline)
      throws IOException, InterruptedException {
    Deadline most = deadline.most();
    try {
      api.start(id, most);
      Optional<Container> started = api.inspect(id, most);
      if (started.isPresent() && started.get().standing() == Standing.GONE) {
        throw new DockerException(
            "the server of " + place.id() + " ended at once: " + words(started.get(), most));
      }
    } catch (DockerException e) {
      // What may have been started must not go on behind the back of whoever was told it failed.
      try {
        Optional<Container> failed = api.inspect(id, deadline);
        if (failed.isPresent()) {
          keep(failed.get(), place, deadline);
        }
        remove(id, deadline);
      } catch (DockerException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  private String words(Container container, Deadline deadline) throws DockerException {
    return LastWords.of(api.logs(container.name(), LINES, deadline), container.ending());
  }

  /** Removes what an earlier run of the place left; never a running server. */
  private void clear(String name, Place place, Deadline deadline)
      throws IOException, InterruptedException {
    Optional<Container> left = mine(place, deadline);
    if (left.isEmpty()) {
      return;
    }
    if (left.get().standing() != Standing.GONE) {
      throw new DockerException("the container " + name + " runs already: stop it first");
    }
    keep(left.get(), place, deadline);
    remove(name, deadline);
  }

  /**
   * What its server printed goes with a container; the place's log keeps the end of it. A log that
   * cannot be had must not keep a container from being removed.
   */
  private void keep(Container container, Place place, Deadline deadline) {
    try {
      List<String> lines = api.logs(container.name(), LINES, deadline.atMost(LOG));
      if (!lines.isEmpty()) {
        ServerLog kept = new ServerLog(place.log());
        kept.prepare(place.uid());
        kept.append(lines);
      }
    } catch (IOException e) {
      log.warn(
          "event=container-log-lost container={} reason=\"{}\"", container.name(), e.getMessage());
    }
  }

  /** Removes a container and waits until the Engine knows none of that name. */
  private void remove(String name, Deadline deadline) throws DockerException, InterruptedException {
    DockerException failure =
        new DockerException("the container " + name + " was not removed in time: try again");
    while (!deadline.over()) {
      try {
        api.remove(name, deadline);
      } catch (DockerException e) {
        // "Removal in progress" is no failure; whatever else it was, the deadline tells.
        failure = e;
      }
      if (!deadline.over() && api.inspect(name, deadline).isEmpty()) {
        return;
      }
      deadline.pause(LOOK);
    }
    throw failure;
  }

  private Container needed(Place place, Deadline deadline) throws IOException {
    return mine(place, deadline)
        .orElseThrow(() ->
            new DockerException(
                "there is no container " + container(place.id()) + ": start it first"));
  }

  /** The container of {@code place}, if there is one; one of somebody else's is an error. */
  private Optional<Container> mine(Place place, Deadline deadline) throws DockerException {
    Optional<Container> found = api.inspect(container(place.id()), deadline);
    if (found.isPresent()) {
      SortedMap<String, String> labels = found.get().labels();
      if (!settings.owner().equals(labels.get(Labels.OWNER))
          || !place.id().equals(labels.get(Labels.PLACE))) {
        throw new DockerException(
            "the container "
                + found.get().name()
                + " is not of "
                + settings.owner()
                + ": remove or rename it; it was left alone");
      }
    }
    return found;
  }

  private static String container(String place) {
    if (!ID.matcher(place).matches()) {
      throw new IllegalArgumentException("no id of a place: '" + Answer.oneLine(place) + "'");
    }
    return "cotidal-" + place;
  }

  /** On an empty folder an image would make a database of its own, and serve that. */
  private static void initialised(Place place, ImageProgram program) throws IOException {
    if (!Files.exists(place.data().resolve(program.family().mark()))) {
      throw new DockerException(
          place.data()
              + " is no data folder of this engine: "
              + program.family().mark()
              + " is missing there");
    }
  }

  private static int uid(Place place) throws IOException {
    int uid =
        place.uid() >= 0
            ? place.uid()
            : (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (uid == 0) {
      throw new DockerException(
          place.id()
              + ": a database server does not run as root, in a container neither: give the copies a uid");
    }
    return uid;
  }

  private DockerException noImage() {
    return new DockerException(
        "image " + settings.image() + " is not here: docker pull " + settings.image());
  }

  private String throwAway() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private Deadline patience() {
    return Deadline.in(settings.patience());
  }
}
