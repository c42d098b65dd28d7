using Drover.Api;
using Drover.Core;
using Drover.Server.Config;
using Problems = Drover.Api.Problems;
using Drover.Server.Http;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <param name="Slot">The name under which it works, <c>coder-2</c>.</param>
internal sealed record ChosenAgent(AgentConfig Entry, string Slot);

/// <summary>Which agent of the roster takes a run: the one that was named, else the ticket's own, else the first of the role that is free.</summary>
internal sealed class AgentChoice(Tx tx, RunGround ground)
{
    /// <exception cref="Refusal">There is none, or it is busy.</exception>
    public ChosenAgent Of(RunWish wish, TicketRow ticket)
    {
        var roster = ground.Config.Agents;
        var named = wish.Agent is { } name ? roster.Where(a => a.Name == name || a.Slots.Contains(name)).ToList() : null;
        if (named is { Count: 0 })
            throw new Refusal(Problems.AgentNotFound, $"there is no agent '{wish.Agent}' in drover.yaml; there {(roster.Count == 1 ? "is" : "are")} {string.Join(", ", roster.Select(a => a.Name))}");
        var able = (named ?? roster).Where(a => a.Roles.Contains(wish.Role)).ToList();
        if (able.Count == 0)
            throw new Refusal(Problems.AgentNotFound, named is null ? $"no agent in drover.yaml has the role {wish.Role.Word()}" : $"the agent '{wish.Agent}' has not the role {wish.Role.Word()}");
        var fit = able.Where(a => !ground.Unfit.ContainsKey(a.Name)).ToList();
        if (fit.Count == 0) throw new Refusal(Problems.AgentUnfit, $"{ground.Unfit[able[0].Name]}. Mend or reinstall the program of '{able[0].Name}', then: drover doctor --agent {able[0].Name}");
        var preferred = fit.Where(a => named is null && ticket.Agent is { } own && (a.Name == own || a.Slots.Contains(own)));
        var slots = preferred.Concat(fit).SelectMany(a => a.Slots.Where(s => Fits(a, s, wish.Agent)).Select(s => new ChosenAgent(a, s)));
        var busy = RunTable.Active(tx).Where(r => r.Project == ticket.Project).ToDictionary(r => r.Agent, r => r);
        return slots.FirstOrDefault(s => !busy.ContainsKey(s.Slot)) ?? throw new Refusal(Problems.AlreadyActive, Busy(wish, busy));
    }

    private static bool Fits(AgentConfig entry, string slot, string? named) => named is null || named == entry.Name || named == slot;

    private static string Busy(RunWish wish, Dictionary<string, RunRow> busy)
    {
        var at = string.Join(", ", busy.Values.Select(r => $"{r.Agent} on {r.Ticket}"));
        return $"{(wish.Agent is { } a ? $"the agent '{a}' is" : $"all agents with the role {wish.Role.Word()} are")} busy ({at}); try again when one has ended, or raise its count in drover.yaml";
    }
}
