namespace Drover.Core;

/// <param name="Why">One sentence for people and for the agent.</param>
public sealed record ApprovalVerdict(ApprovalChoice Choice, string Why);

/// <summary>Judges a question for permission by policy. A denial comes before an allowance, and both before the default.</summary>
public static class ApprovalRules
{
    /// <param name="root">The directory the agent works in, absolute; patterns for files are relative to it.</param>
    public static ApprovalVerdict Judge(ApprovalPolicy policy, string tool, AskedFor what, string root)
    {
        if (policy.Deny.FirstOrDefault(p => p.Touches(tool, what, root)) is { } forbids) return new(ApprovalChoice.Deny, $"`{forbids}` under approvals.deny forbids it");
        if (policy.Allow.FirstOrDefault(p => p.Covers(tool, what, root)) is { } allows) return new(ApprovalChoice.Allow, $"`{allows}` under approvals.allow allows it");
        return policy.Default switch
        {
            ApprovalChoice.Ask => new(ApprovalChoice.Ask, "a human is asked"),
            ApprovalChoice.Deny => new(ApprovalChoice.Deny, $"approvals: deny, and nothing under approvals.allow speaks of it ('{tool}')"),
            ApprovalChoice.Allow when what.Kind == AskedKind.Question =>
                new(ApprovalChoice.Deny, "nobody is asked; decide yourself, and say in your summary what you assumed"),
            // What a denial may be about, and cannot be seen.
            ApprovalChoice.Allow when policy.Deny.Count > 0 && !what.IsWhole && what.Kind is AskedKind.Command or AskedKind.Edit or AskedKind.Read =>
                new(ApprovalChoice.Ask, "what it would do cannot be seen whole, so nothing under approvals.deny can be held against it"),
            ApprovalChoice.Allow => new(ApprovalChoice.Allow, "approvals: allow"),
        };
    }
}
