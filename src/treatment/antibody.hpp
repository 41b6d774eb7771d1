// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two-compartment kinetics of an antibody given into a vein, in closed form: amounts are carried exactly from dose to dose
// by the two exponentials, so no differential equation is integrated for the drug. Clearance that changes with time on
// drug is held constant between two doses.

namespace coley::treatment {

/// Volumes in L, clearances in L/d.
struct TwoCompartment {
  double clearance = 0;
  double v1 = 1;
  double q = 0;
  double v2 = 1;
};

/// The two exponentials of a two-compartment drug.
struct Disposition {
  double alpha = 0;  ///< fast rate, 1/d
  double beta = 0;   ///< slow rate, 1/d
  double k21 = 0;    ///< return from the periphery, 1/d
  double v1 = 1;     ///< L
  double k10 = 0, k12 = 0;
};

/// Rates of the closed form. alpha > beta > 0 for positive clearances and volumes.
Disposition disposition(const TwoCompartment& kinetics);

/// Concentration after now = fast e^(-alpha t) + slow e^(-beta t), in mg/L = ug/mL.
struct Concentration {
  double fast = 0;
  double slow = 0;
};

/// Amount of one drug in one patient.
class Antibody {
 public:
  /// Carries the amounts `days` on under the current disposition.
  void wait(double days);
  /// Adds `mg` to the central compartment.
  void dose(double mg) { central_ += mg; }
  /// Changes the rates; the amounts stay.
  void set(const Disposition& disposition) { disposition_ = disposition; }
  Concentration concentration() const;
  const Disposition& rates() const { return disposition_; }
  double central_mg() const { return central_; }
  double peripheral_mg() const { return peripheral_; }

 private:
  Disposition disposition_;
  double central_ = 0;
  double peripheral_ = 0;
};

/// Clearance that falls or rises with time on drug: exp(emax t^hill / (t50^hill + t^hill)) (Bajaj 2017).
double clearance_factor(double days, double emax, double t50, double hill);

}  // namespace coley::treatment
