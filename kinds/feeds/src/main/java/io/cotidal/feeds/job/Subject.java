package io.cotidal.feeds.job;

/**
 * What a job is about, whatever channel it came by. Names follow the grammar that {@code Grammar}
 * holds, so that they may stand in SQL (quoted), in a path and in a URL.
 *
 * @param workspace of a workspace its own name; of rules the channel; of roles {@code roles}
 * @param name empty for workspaces, rules and roles
 */
public record Subject(Sort sort, String workspace, String name) implements Comparable<Subject> {
  /** Sort, workspace and name: {@code layer/sites.parcels}, {@code workspace/sites}. */
  public String key() {
    return sort.word() + "/" + title();
  }

  /** Workspace and name: {@code sites.parcels}. */
  public String title() {
    return name.isEmpty() ? workspace : workspace + "." + name;
  }

  @Override
  public int compareTo(Subject other) {
    int bySort = sort.word().compareTo(other.sort.word());
    if (bySort != 0) {
      return bySort;
    }
    int byWorkspace = workspace.compareTo(other.workspace);
    return byWorkspace != 0 ? byWorkspace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return key();
  }
}
