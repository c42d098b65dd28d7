namespace Drover.Server.Doctor;

/// <summary>How bad a finding is: nothing to do, Drover works worse than it could, Drover does not work.</summary>
internal enum Grade { Ok, Warn, Fail }

/// <param name="About">What was looked at; one word.</param>
/// <param name="Advice">What to do; null when nothing is.</param>
internal sealed record Finding(string About, Grade Grade, string Text, string? Advice = null);
