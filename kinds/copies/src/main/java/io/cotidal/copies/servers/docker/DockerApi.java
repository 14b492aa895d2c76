package io.cotidal.copies.servers.docker;

import io.cotidal.remote.Deadline;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The calls of the Docker Engine API that Cotidal needs. Every call ends by its deadline, even if
 * dockerd is frozen. Thread-safe.
 *
 * <p>Speaks version 1.41 (Docker 20.10), or the oldest that a newer Engine still understands.
 */
public final class DockerApi {
  /** The version that brings all that is used here. */
  private static final Version FLOOR = new Version(1, 41);

  private static final Pattern CONTAINER = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,200}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DockerSocket socket;
  private volatile String prefix = "";

  /** Of the Engine that listens on that Unix socket; asks it nothing yet. */
  public DockerApi(Path socket) {
    this.socket = new DockerSocket(socket);
  }

  /** The Engine's version, for example {@code 20.10.24}, after making sure that it can be used. */
  public String version(Deadline deadline) throws DockerException {
    JsonNode answer = good(socket.ask("GET", "/version", "", deadline), "tell its version").json();
    Version most = Version.parse(answer.path("ApiVersion").asString(""));
    Version least = Version.parse(answer.path("MinAPIVersion").asString("1.0"));
    String version = answer.path("Version").asString("of unknown version");
    if (most.before(FLOOR)) {
      throw new DockerException(
          "the Docker Engine "
              + version
              + " speaks API "
              + most
              + " at most: "
              + FLOOR
              + " (Docker 20.10) or newer is needed");
    }
    prefix = "/v" + (least.before(FLOOR) ? FLOOR : least);
    return version;
  }

  /** Whether the Engine answers at all; if not, the exception says why. */
  public void ping(Deadline deadline) throws DockerException {
    good(socket.ask("GET", "/_ping", "", deadline), "answer a ping");
  }

  /** The image of that name, if it is on this host. */
  public Optional<Image> image(ImageName name, Deadline deadline) throws DockerException {
    Answer answer = ask("GET", "/images/" + name.text() + "/json", "", deadline);
    if (answer.status() == 404) {
      return Optional.empty();
    }
    JsonNode json = good(answer, "describe the image " + name).json();
    List<String> volumes = new ArrayList<>(json.path("Config").path("Volumes").propertyNames());
    return Optional.of(new Image(json.path("Id").asString(""), volumes));
  }

  /**
   * Makes a container.
   *
   * @return its id; empty if another one has that name, or the image is not there
   */
  public Created create(String name, JsonNode description, Deadline deadline)
      throws DockerException {
    Answer answer =
        ask("POST", "/containers/create?name=" + checked(name), text(description), deadline);
    return switch (answer.status()) {
      case 404 -> new Created.NoImage();
      case 409 -> new Created.NameTaken(answer.reason());
      default -> {
        JsonNode json = good(answer, "make the container " + name).json();
        yield new Created.Made(json.path("Id").asString(""));
      }
    };
  }

  /** Starts a container; one that runs already is no error. */
  public void start(String container, Deadline deadline) throws DockerException {
    act(container, "start", "start", deadline);
  }

  /** The container of that name or id, if there is one. */
  public Optional<Container> inspect(String container, Deadline deadline) throws DockerException {
    Answer answer = ask("GET", path(container) + "/json", "", deadline);
    if (answer.status() == 404) {
      return Optional.empty();
    }
    return Optional.of(
        Container.inspected(good(answer, "describe the container " + container).json()));
  }

  /** All containers, running or not, that bear all these labels with these values. */
  public List<Container> list(SortedMap<String, String> labels, Deadline deadline)
      throws DockerException {
    List<String> wanted =
        labels.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    String filters = text(JSON.valueToTree(new TreeMap<>(java.util.Map.of("label", wanted))));
    String target =
        "/containers/json?all=1&filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
    List<Container> found = new ArrayList<>();
    for (JsonNode entry : good(ask("GET", target, "", deadline), "list containers").json()) {
      found.add(Container.listed(entry));
    }
    return found;
  }

  /** Freezes all processes of a container. */
  public void pause(String container, Deadline deadline) throws DockerException {
    act(container, "pause", "pause", deadline);
  }

  /** Lets them go on. */
  public void unpause(String container, Deadline deadline) throws DockerException {
    act(container, "unpause", "let go on", deadline);
  }

  /**
   * Asks a container to end, kills it after some seconds, and waits until it has ended. One that
   * does not run, or is not there, is no error.
   *
   * @param seconds how long it may take to end by itself
   */
  public void stop(String container, long seconds, Deadline deadline) throws DockerException {
    Answer answer = ask("POST", path(container) + "/stop?t=" + seconds, "", deadline);
    if (answer.status() != 404) {
      good(answer, "stop " + container);
    }
  }

  /** Kills all processes of a container; does not wait. */
  public void kill(String container, Deadline deadline) throws DockerException {
    act(container, "kill?signal=KILL", "kill", deadline);
  }

  /**
   * Waits until a container does not run.
   *
   * @return its exit status
   */
  public int await(String container, Deadline deadline) throws DockerException {
    Answer answer = ask("POST", path(container) + "/wait?condition=not-running", "", deadline);
    return good(answer, "wait for " + container).json().path("StatusCode").asInt(-1);
  }

  /** Removes a container, killing it if it runs; one that is not there is no error. */
  public void remove(String container, Deadline deadline) throws DockerException {
    Answer answer = ask("DELETE", path(container) + "?force=1&v=1", "", deadline);
    if (answer.status() != 404) {
      good(answer, "remove the container " + container);
    }
  }

  /** The last lines that a container printed; empty if it printed none or is not there. */
  public List<String> logs(String container, int lines, Deadline deadline) throws DockerException {
    String target = path(container) + "/logs?stdout=1&stderr=1&tail=" + lines;
    Answer answer = ask("GET", target, "", deadline);
    return answer.status() == 404
        ? List.of()
        : Logs.lines(good(answer, "show the log of " + container).body());
  }

  private void act(String container, String call, String verb, Deadline deadline)
      throws DockerException {
    good(ask("POST", path(container) + "/" + call, "", deadline), verb + " " + container);
  }

  private Answer ask(String method, String target, String body, Deadline deadline)
      throws DockerException {
    if (prefix.isEmpty()) {
      version(deadline);
    }
    return socket.ask(method, prefix + target, body, deadline);
  }

  private static Answer good(Answer answer, String what) throws DockerException {
    if (!answer.good()) {
      throw new DockerException("the Docker Engine cannot " + what + ": " + answer.reason());
    }
    return answer;
  }

  private static String path(String container) {
    return "/containers/" + checked(container);
  }

  private static String checked(String container) {
    if (!CONTAINER.matcher(container).matches()) {
      throw new IllegalArgumentException("no name of a container: '" + container + "'");
    }
    return container;
  }

  private static String text(JsonNode json) {
    return JSON.writeValueAsString(json);
  }

  /** How making a container ended. */
  public sealed interface Created {
    /** It was made and has that id. */
    record Made(String id) implements Created {}

    /** The image has gone away. */
    record NoImage() implements Created {}

    /** Another container has the name. */
    record NameTaken(String reason) implements Created {}
  }

  private record Version(int major, int minor) {
    static Version parse(String text) throws DockerException {
      if (!text.matches("\\d{1,4}\\.\\d{1,4}")) {
        throw new DockerException(
            "the Docker Engine says no version of its API ('" + Answer.oneLine(text) + "')");
      }
      String[] parts = text.split("\\.");
      return new Version(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    boolean before(Version other) {
      return major == other.major ? minor < other.minor : major < other.major;
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }
}
