package io.cotidal.server.http;

import io.cotidal.model.Permission;
import java.util.List;

/**
 * One thing that the API offers. What is not declared as a route does not exist.
 *
 * @param method {@code GET}, {@code POST} or {@code DELETE}; a GET never changes anything
 * @param template the path, with {@code {name}} for a segment that varies
 * @param access who may use it
 * @param summary one sentence
 * @param parameters what it understands beside the path
 * @param input the request's body
 * @param output the body of a successful answer
 * @param handler what it does
 */
public record Route(
    String method,
    String template,
    Access access,
    String summary,
    List<Parameter> parameters,
    Shape input,
    Shape output,
    Handler handler) {
  /** Copies the list. */
  public Route {
    parameters = List.copyOf(parameters);
  }

  /** Does what a route offers. May block: it has a virtual thread of its own. */
  public interface Handler {
    /**
     * Answers a call that the dispatcher has let through.
     *
     * @throws Problem.Refusal if the request turns out not to be understood
     * @throws InterruptedException if the daemon stops
     */
    Answer answer(Call call) throws InterruptedException;
  }

  /** Whether a browser must never send it unasked: everything but GET. */
  public boolean changes() {
    return !method.equals("GET");
  }

  /** Begins the declaration of a route that reads. */
  public static Draft get(String template, String summary) {
    return new Draft("GET", template, summary);
  }

  /** Begins the declaration of a route that does something. */
  public static Draft post(String template, String summary) {
    return new Draft("POST", template, summary);
  }

  /** Begins the declaration of a route that takes something away. */
  public static Draft delete(String template, String summary) {
    return new Draft("DELETE", template, summary);
  }

  /** A route to which its access has yet to be declared. */
  public record Draft(String method, String template, String summary) {
    /** For callers with {@code permission}, within {@code reach}. */
    public Open needs(Permission permission, Access.Reach reach) {
      return new Open(this, new Access.Needs(permission, reach), List.of(), new Shape.Nothing());
    }

    /** For everybody, because of {@code why}. */
    public Open anyone(String why) {
      return new Open(this, new Access.Anyone(why), List.of(), new Shape.Nothing());
    }
  }

  /** A route that has yet to say what it takes and gives. */
  public record Open(Draft draft, Access access, List<Parameter> parameters, Shape input) {
    /** With these parameters. */
    public Open with(Parameter... more) {
      return new Open(draft, access, List.of(more), input);
    }

    /** With a body of that shape. */
    public Open takes(Shape shape) {
      return new Open(draft, access, parameters, shape);
    }

    /** The whole declaration. */
    public Route gives(Shape output, Handler handler) {
      return new Route(
          draft.method(),
          draft.template(),
          access,
          draft.summary(),
          parameters,
          input,
          output,
          handler);
    }

    /** The whole declaration of a route that gives a record as JSON. */
    public Route gives(Class<? extends Record> output, Handler handler) {
      return gives(new Shape.Of(output), handler);
    }
  }
}
