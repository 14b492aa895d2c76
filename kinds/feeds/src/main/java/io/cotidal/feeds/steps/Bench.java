package io.cotidal.feeds.steps;

import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.geoserver.SiteException;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.report.ReportException;
import io.cotidal.feeds.report.Reports;
import io.cotidal.feeds.repository.HgHook;
import io.cotidal.feeds.repository.Place;
import io.cotidal.feeds.repository.Repositories;
import io.cotidal.feeds.repository.Repository;
import io.cotidal.feeds.repository.RepositoryException;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.table.TableException;
import io.cotidal.feeds.table.Tables;
import io.cotidal.feeds.transfer.Cache;
import io.cotidal.feeds.transfer.SshProgram;
import io.cotidal.feeds.transfer.Transfer;
import io.cotidal.feeds.transfer.TransferException;
import io.cotidal.model.MemberId;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.LookFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Everything that one replica works with. Thread-safe. */
final class Bench {
  private final Lanes lanes = new Lanes();
  private final Map<String, Act> acts = new HashMap<>();
  private final Map<MemberId, Site> sites = new HashMap<>();
  private final RepositoryLook repositoryLook;
  private final Optional<DatabaseLook> databaseLook;
  private final GeoServerLook geoServerLook;
  private final Optional<Teller> teller;

  private Bench(FeedsSpec spec, InstantSource clock, Repository repository, Stock stock) {
    Publications publications = new Publications();
    Library documents = new Library(stock.cache, stock.transfer);
    this.repositoryLook = new RepositoryLook(spec, repository, documents, publications, clock);
    Formerly formerly = new Formerly(Layout.rules(spec));
    Wishes wishes = new Wishes(stock.cache, formerly);
    this.geoServerLook = new GeoServerLook(publications, wishes, spec.choice());
    this.databaseLook = stock.tables.map(DatabaseLook::new);
    spec.shown().forEach(each -> sites.put(each.name(), new Site(each, spec.database())));
    Optional<Previews> previews = previews(spec, sites, stock.transfer);
    this.teller =
        stock.reports.map(
            reports -> new Teller(spec, new Teller.Ways(reports, previews), publications, clock));
    AtRepository own =
        new AtRepository(repository, stock.cache, stock.transfer, documents, publications);
    acts.put(Acts.LEARN, own.learning());
    acts.put(Acts.FETCH, own.fetching());
    acts.put(Acts.MARK, own.marking());
    teller.ifPresent(act -> acts.put(Acts.TELL, act));
    stock.tables.ifPresent(tables -> {
      AtDatabase database =
          new AtDatabase(
              tables,
              stock.cache,
              publications,
              new AtRoles(tables, publications, spec.choice().skips().roles()));
      acts.put(Acts.PREPARE, database.preparing());
      acts.put(Acts.STAGE, database.staging());
      acts.put(Acts.SWAP, database.swapping());
      acts.put(Acts.DROP, database.dropping());
      acts.put(Acts.TRIM, database.trimming());
    });
    AtGeoServer geoserver = new AtGeoServer(sites, wishes, publications, formerly);
    acts.put(Acts.SHOW, geoserver.showing());
    acts.put(Acts.RESET, geoserver.resetting());
    acts.put(Acts.HIDE, geoserver.hiding());
  }

  /** Pictures are of the first GeoServer. */
  private static Optional<Previews> previews(
      FeedsSpec spec, Map<MemberId, Site> sites, Transfer transfer) {
    Optional<Site> first =
        spec.shown().stream()
            .findFirst()
            .flatMap(each -> Optional.ofNullable(sites.get(each.name())));
    String replica = spec.status().map(FeedsSpec.Status::replica).orElseGet(() -> spec.id().name());
    return first.map(site ->
        new Previews(replica, site, Layout.scratch(spec).resolve("previews"), transfer::send));
  }

  /** What files and rows a bench is made of. */
  private record Stock(
      Cache cache, Transfer transfer, Optional<Tables> tables, Optional<Reports> reports) {}

  /** Opens it: folders are made, nobody is asked yet. */
  static Bench open(FeedsSpec spec, InstantSource clock, Optional<HgHook> hook) throws ActFailed {
    try {
      LocalProcesses processes = new LocalProcesses();
      Path scratch = Files.createDirectories(Layout.scratch(spec));
      FeedsSpec.Transfer how = spec.transfer();
      Path ssh =
          new SshProgram(
                  Files.createDirectories(Layout.ssh(spec)),
                  how.identity(),
                  how.knownHosts(),
                  how.port(),
                  how.connect())
              .program();
      Cache cache = new Cache(how.cache(), how.budgetBytes());
      cache.serve(how.serve());
      Place place = new Place(spec.repository(), ssh, scratch.resolve("repository"));
      Repository repository =
          hook.isPresent()
              ? Repositories.open(place, hook.get(), processes)
              : Repositories.open(place, processes);
      Path programs = Files.createDirectories(scratch.resolve("tables"));
      Optional<Tables> tables =
          spec.tables()
              ? spec.database().map(each -> new Tables(each, processes, programs))
              : Optional.empty();
      Optional<Reports> reports =
          spec.status().isPresent()
              ? Optional.of(new Reports(spec.status().get(), Layout.reports(spec)))
              : Optional.empty();
      Stock stock = new Stock(cache, new Transfer(how, cache, ssh, processes), tables, reports);
      return new Bench(spec, clock, repository, stock);
    } catch (IOException | TransferException | RepositoryException | ReportException e) {
      throw ActFailed.because(e);
    }
  }

  Lanes lanes() {
    return lanes;
  }

  Act act(String word) throws ActFailed {
    Act act = acts.get(word);
    if (act == null) {
      throw new ActFailed("this replica has no act '" + word + "' as it is configured now");
    }
    return act;
  }

  FeedsFacts look(MemberId member, Deadline deadline)
      throws LookFailed, ActFailed, InterruptedException {
    try {
      if (member.equals(FeedsSpec.REPOSITORY)) {
        return repositoryLook.now(deadline).unheard(teller.map(Teller::obstacle).orElse(""));
      }
      if (member.equals(FeedsSpec.DATABASE)) {
        return databaseLook
            .orElseThrow(() -> new ActFailed("no database is configured"))
            .now(deadline);
      }
      Site site = sites.get(member);
      if (site == null) {
        throw new ActFailed(member + " is not configured");
      }
      return geoServerLook.now(member, site, deadline);
    } catch (RepositoryException e) {
      throw new LookFailed(LookFailed.What.CANNOT_TELL, e);
    } catch (TableException e) {
      throw new LookFailed(
          e.kind() == TableException.Kind.UNREACHABLE
              ? LookFailed.What.REFUSED
              : LookFailed.What.CANNOT_TELL,
          e);
    } catch (SiteException e) {
      throw new LookFailed(
          e.kind() == SiteException.Kind.UNREACHABLE
              ? LookFailed.What.REFUSED
              : LookFailed.What.CANNOT_TELL,
          e);
    }
  }

  /** Tells the master that this replica is alive. */
  void beat(Deadline deadline) throws InterruptedException {
    if (teller.isPresent()) {
      teller.get().beat(repositoryLook.standing(), deadline);
    }
  }

  void close() {
    teller.ifPresent(Teller::close);
  }
}
