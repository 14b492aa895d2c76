package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.agree.FileBook;
import io.cotidal.objects.agree.ReadBook;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.remote.ActFailed;
import java.util.LinkedHashMap;
import java.util.Map;

/** All who look and act at one bench. */
final class Work implements AutoCloseable {
  private final Bench bench;
  private final Map<MemberId, SiteLook> looks = new LinkedHashMap<>();
  private final Survey survey;
  private final Converging converging;
  private final Proving proving;
  private final Withdrawals withdrawals;

  Work(Bench bench) {
    this.bench = bench;
    ObjectsSpec spec = bench.spec();
    String account = spec.accounts().isEmpty() ? "" : spec.accounts().getFirst();
    bench
        .sites()
        .forEach((site, swift) ->
            looks.put(site, new SiteLook(swift, bench.announcing(), account, bench.clock())));
    Leftovers seen = new Leftovers(bench, ReadBook::open);
    Leftovers worked = new Leftovers(bench, FileBook::open);
    this.survey = new Survey(bench, new Comparison(bench, seen));
    this.converging = new Converging(bench, new StateActs(bench, worked));
    this.proving = new Proving(bench);
    this.withdrawals = new Withdrawals(bench);
  }

  Bench bench() {
    return bench;
  }

  SiteLook site(MemberId member) throws ActFailed {
    SiteLook look = looks.get(member);
    if (look == null) {
      throw new ActFailed("there is no site " + member);
    }
    return look;
  }

  Survey survey() {
    return survey;
  }

  Converging converging() {
    return converging;
  }

  Withdrawals withdrawals() {
    return withdrawals;
  }

  Proving proving() {
    return proving;
  }

  @Override
  public void close() {
    bench.close();
  }
}
