using System.Text;
using Drover.Api;
using Drover.Core;

namespace Drover.Server.Doctor;

/// <summary>The doctor's answer for people.</summary>
internal static class DoctorText
{
    public static string Of(IReadOnlyList<Finding> findings, IReadOnlyList<CardJson> cards)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            text.Append(finding.Grade.Word().PadRight(6)).Append(finding.About.PadRight(13)).Append(finding.Text).Append('\n');
            if (finding.Advice is { } advice) text.Append(' ', 19).Append("→ ").Append(advice).Append('\n');
        }

        if (cards.Count > 0) text.Append('\n').Append(CardText.Table(cards)).Append('\n');
        var (fails, warns) = (findings.Count(f => f.Grade == Grade.Fail), findings.Count(f => f.Grade == Grade.Warn));
        return text.Append(fails > 0 ? $"{fails} thing(s) must be mended" : warns > 0 ? $"Drover works here; {warns} thing(s) could be better" : "Drover works here").ToString();
    }
}
