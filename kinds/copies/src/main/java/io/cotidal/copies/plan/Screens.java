package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.State;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.MemberView;
import io.cotidal.model.Severity;
import java.util.List;

/** The host as screens show it. */
final class Screens {
  private final CopiesSpec spec;
  private final Doctor doctor;
  private final Shelf shelf;

  Screens(CopiesSpec spec, State<CopiesFacts> state) {
    this.spec = spec;
    this.doctor = new Doctor(spec, state);
    this.shelf = new Shelf(state);
  }

  private Details engine() {
    Details engine =
        Details.of("engine", spec.database().engine()).with("volume", spec.storage().volume());
    return spec.service().image().isEmpty() ? engine : engine.with("image", spec.service().image());
  }

  List<MemberView> members() {
    CopiesFacts facts = doctor.facts();
    CopiesDiagnosis verdict = doctor.diagnose();
    Severity severity =
        verdict instanceof CopiesDiagnosis.Healthy ? Severity.INFO : verdict.severity();
    return List.of(
        new MemberView(
            CopiesSpec.HOST,
            "host",
            facts == null ? Answers.UNKNOWN : Answers.YES,
            facts == null ? verdict.sentence() : "answers",
            severity,
            facts != null && facts.writable(),
            facts == null
                ? engine()
                : engine()
                    .with("method", facts.method())
                    .with("free", facts.freeBytes())
                    .with("total", facts.totalBytes())
                    .with("generation", shelf.current().map(Item::name).orElse(""))
                    .with("copies", shelf.copies().size())
                    .with("spares", shelf.spares().size())));
  }
}
