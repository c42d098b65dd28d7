using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Runs;
using Xunit;
using static Drover.Server.Tests.Config.Reading;

namespace Drover.Server.Tests.Config;

public sealed class ApprovalPolicyTests
{
    private const string Roster = "agents:\n  coder: { adapter: stream }\n";

    [Fact]
    public void Without_the_key_there_is_no_policy_and_one_word_is_one()
    {
        Assert.Null(Good(Roster).Approvals);
        foreach (var (word, choice) in ((string, ApprovalChoice)[])[("ask", ApprovalChoice.Ask), ("allow", ApprovalChoice.Allow), ("deny", ApprovalChoice.Deny)])
            Assert.Equal((choice, TimeSpan.FromMinutes(30), ApprovalChoice.Deny), Good($"{Roster}approvals: {word}\n").Approvals is { } p ? (p.Default, p.Timeout, p.OnTimeout) : default);
    }

    [Fact]
    public void The_long_form_has_patterns_and_a_time_and_an_agent_may_have_its_own()
    {
        var config = Good("""
            agents:
              coder: { adapter: stream }
              free: { adapter: stream, approvals: allow }
            approvals: { allow: ["git *", "edit:docs/**"], deny: ["git push *"], timeout: 10m, on_timeout: allow }
            """);

        var policy = config.Approvals!;
        Assert.Equal((ApprovalChoice.Ask, TimeSpan.FromMinutes(10), ApprovalChoice.Allow), (policy.Default, policy.Timeout, policy.OnTimeout));
        Assert.Equal(["git *", "edit:docs/**"], policy.Allow.Select(p => $"{p}"));
        Assert.Equal(["git push *"], policy.Deny.Select(p => $"{p}"));
        Assert.Equal([null, ApprovalChoice.Allow], config.Agents.Select(a => a.Approvals?.Default));
    }

    [Theory]
    [InlineData("approvals: maybe", "approvals: 'maybe' is not known")]
    [InlineData("approvals: { default: never }", "approvals.default: 'never' is not known")]
    [InlineData("approvals: { allow: [\"* push\"] }", "approvals.allow[0]: must begin with the name of a program")]
    [InlineData("approvals: { allow: [\"git log | sh\"] }", "approvals.allow[0]: holds a character")]
    [InlineData("approvals: { deny: [\"git push && rm\"] }", "approvals.deny[0]: holds a character")]
    [InlineData("approvals: { on_timeout: ask }", "approvals.on_timeout: 'ask' is not known")]
    [InlineData("approvals: { timeout: 0s }", "approvals.timeout: 0s is out of bounds")]
    [InlineData("approvals: { allowed: [] }", "approvals.allowed: unknown key; did you mean 'allow'?")]
    public void What_cannot_be_meant_is_refused_where_it_stands(string line, string complaint) =>
        Assert.Contains(complaint, Assert.Single(Bad(Roster + line + "\n")), StringComparison.Ordinal);

    [Fact]
    public void A_runs_settings_keep_the_policy_as_it_was_and_those_of_older_runs_have_none()
    {
        var config = Good($"{Roster}approvals: {{ allow: [\"git *\"], deny: [\"edit:a/**\"], timeout: 1h }}\n");
        var settings = RunSettings.Of(config, config.Agents[0], [], new("main"));

        var kept = RunSettings.Parse(settings.ToJson()).Approvals!.ToPolicy();

        Assert.Equal((ApprovalChoice.Ask, TimeSpan.FromHours(1), "git *", "edit:a/**"), (kept.Default, kept.Timeout, $"{kept.Allow[0]}", $"{kept.Deny[0]}"));
        Assert.Null(RunSettings.Parse((settings with { Approvals = null }).ToJson().Replace(",\"Approvals\":null", "", StringComparison.Ordinal)).Approvals);
    }
}
