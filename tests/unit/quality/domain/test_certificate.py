"""A certificate applies only while it is valid and only to the versions for which it was issued."""

from dataclasses import replace
from datetime import UTC, datetime

from quality.domain.calibration import LabelledRisk, calibrate
from quality.domain.certificate import CertificateState, certify

NOW = datetime(2025, 6, 30, tzinfo=UTC)
VERSIONS = frozenset({"engine/3", "model/7", "rules/2"})


def test_certificate_suspended_void_or_other_versions_is_refused() -> None:
    proven = calibrate([LabelledRisk(0.001, had_error=False)] * 300, 0.01)
    certificate = certify(proven, VERSIONS, NOW)
    assert certificate is not None
    assert certificate.refusal(VERSIONS) == ""
    assert "model/8" in certificate.refusal(VERSIONS - {"model/7"} | {"model/8"})
    for state in (CertificateState.SUSPENDED, CertificateState.VOID):
        assert replace(certificate, state=state).refusal(VERSIONS)
    assert certify(calibrate([], 0.01), VERSIONS, NOW) is None
