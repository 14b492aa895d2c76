package io.cotidal.objects.world;

import io.cotidal.objects.agree.Finding;
import io.cotidal.objects.compare.Outcome;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does as verdicts say, the way the real one has to. */
final class Mover {
  private final World world;

  Mover(World world) {
    this.world = world;
  }

  Outcome act(Finding finding) {
    return switch (finding.verdict()) {
      case Verdict.Copy copy -> copy(finding, copy, SiteSet.NONE);
      case Verdict.Conflict conflict -> copy(finding, conflict.copy(), conflict.verify());
      case Verdict.Delete delete -> delete(finding, delete);
      case Verdict.Equal _, Verdict.Hold _ -> throw new AssertionError("nothing to do");
    };
  }

  private FakeSite site(int number) {
    return world.at.get(number);
  }

  private Outcome copy(Finding finding, Verdict.Copy copy, SiteSet verify) {
    String name = finding.key().name();
    FakeSite.Cell source = source(name, copy);
    if (source == null) {
      return Outcome.NOTHING;
    }
    SiteSet deleted = SiteSet.NONE;
    for (int to = 0; to < world.at.size(); to++) {
      boolean gone = verify.has(to) && site(to).up() && site(to).alive(name) == null;
      deleted = gone ? deleted.with(to) : deleted;
    }
    world.write(finding, deleted);
    world.disturb();
    SiteSet done = SiteSet.NONE;
    SiteSet later = SiteSet.NONE;
    Timestamp anew = copy.stamp();
    SiteSet again = SiteSet.NONE;
    for (int to = 0; to < world.at.size(); to++) {
      if (copy.to().has(to) && site(to).up() && weighed(name, copy, to)) {
        FakeSite.Cell cell = new FakeSite.Cell(copy.stamp(), source.hash(), source.op());
        site(to).copy(name, cell);
        FakeSite.Cell now = site(to).alive(name);
        if (now != null && now.written().equals(copy.stamp()) && cell.hash().equals(now.hash())) {
          done = done.with(to);
        }
        if (now == null && copy.joining().has(to)) {
          Timestamp at = anew(to, name, cell, copy.from());
          again = at.equals(anew) ? again.with(to) : at.after(anew) ? SiteSet.of(to) : again;
          anew = at.after(anew) ? at : anew;
        } else if (now == null) {
          later = later.with(to);
        }
        world.disturb();
      }
    }
    if (!again.isEmpty()) {
      ObjectRow row = ObjectRow.plain(name, anew, copy.winner().hash(), 1);
      return new Outcome.Copied(row, again, SiteSet.NONE);
    }
    return Outcome.copied(copy, done, later);
  }

  /** At a site that joins, whatever was deleted there in a former life. */
  private Timestamp anew(int to, String name, FakeSite.Cell cell, SiteSet from) {
    Timestamp behind = cell.written().next().next();
    if (site(to).copy(name, new FakeSite.Cell(behind, cell.hash(), cell.op()))) {
      return behind;
    }
    for (FakeSite site : world.at) {
      FakeSite.Cell other = site.alive(name);
      boolean gone = other == null && from.has(world.at.indexOf(site));
      if (!site.up() || gone || (other != null && other.written().after(cell.written()))) {
        return Timestamp.NEVER;
      }
    }
    boolean done = site(to).copy(name, new FakeSite.Cell(world.now(), cell.hash(), cell.op()));
    return done ? world.now() : Timestamp.NEVER;
  }

  private FakeSite.@Nullable Cell source(String name, Verdict.Copy copy) {
    ObjectRow winner = copy.winner();
    for (int from = 0; from < world.at.size(); from++) {
      FakeSite.Cell cell = site(from).alive(name);
      if (copy.from().has(from)
          && site(from).up()
          && cell != null
          && cell.written().equals(winner.written())
          && winner.hash().equals(cell.hash())) {
        return cell;
      }
    }
    return null;
  }

  private boolean weighed(String name, Verdict.Copy copy, int to) {
    FakeSite.Cell cell = site(to).alive(name);
    boolean winner =
        cell != null
            && cell.written().equals(copy.stamp())
            && copy.winner().hash().equals(cell.hash());
    return winner || weighed(cell, copy.over(), to);
  }

  private static boolean weighed(FakeSite.@Nullable Cell cell, List<Verdict.Over> over, int at) {
    for (Verdict.Over one : over) {
      if (one.site() == at) {
        return cell == null || cell.written().equals(one.written());
      }
    }
    return cell == null;
  }

  private Outcome delete(Finding finding, Verdict.Delete delete) {
    String name = finding.key().name();
    SiteSet gone = SiteSet.NONE;
    for (int at = 0; at < world.at.size(); at++) {
      if (delete.verify().has(at) && site(at).up() && site(at).alive(name) == null) {
        gone = gone.with(at);
      }
    }
    if (gone.isEmpty() && !delete.verify().isEmpty()) {
      return Outcome.NOTHING;
    }
    world.write(finding, SiteSet.NONE);
    world.disturb();
    for (int at = 0; at < world.at.size(); at++) {
      if (delete.at().has(at)
          && site(at).up()
          && weighed(site(at).alive(name), delete.over(), at)) {
        erase(name, at, delete.stamp());
        gone = site(at).alive(name) == null ? gone.with(at) : gone;
        world.disturb();
      }
    }
    return new Outcome.Deleted(gone);
  }

  private void erase(String name, int at, Timestamp stamp) {
    if (site(at).alive(name) != null) {
      site(at).delete(name, stamp);
    }
  }
}
