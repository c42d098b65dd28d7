using System.Text.Json;
using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Landing;

namespace Drover.Server.Tickets;

/// <summary>What changes tickets. Each is one guarded update with its event.</summary>
internal static class TicketCommands
{
    public static TicketJson Add(Tx tx, ProjectRow project, NewTicketJson wish, Principal who)
    {
        var text = Check(new(
            wish.Title?.Trim() ?? throw new Refusal(Problems.InvalidValue, "is needed", "title"), wish.Body ?? "", wish.Kind ?? TicketLimits.DefaultKind,
            wish.Priority ?? TicketLimits.DefaultPriority, string.IsNullOrEmpty(wish.Agent) ? null : wish.Agent, wish.Criteria ?? []));
        var ticket = new TicketRow(
            ProjectTable.TakeKey(tx, project), project.Id, text.Title, text.Body, text.Kind, text.Priority, text.Agent, Stage.Backlog, false,
            text.Criteria, null, null, null, null, who, tx.Now, tx.Now);
        TicketTable.Insert(tx, ticket);
        var needs = DependencyChange.Make(tx, ticket, wish.DependsOn, null, who);
        tx.Emit(EventTypes.TicketAdded, About(ticket), who, EventData.Of(data =>
        {
            data.WriteString("title", ticket.Title);
            data.WriteString("kind", ticket.Kind);
            data.WriteNumber("priority", ticket.Priority);
            WriteKeys(data, "dependsOn", needs.Added);
        }));
        return Show(tx, ticket);
    }

    public static TicketJson Edit(Tx tx, TicketKey key, TicketChangeJson change, Principal who)
    {
        var ticket = Get(tx, key);
        if (ticket.Stage.IsFinal()) throw new Refusal(Problems.Conflict, $"{key} is {ticket.Stage.Word()}; file a new ticket");
        var text = Check(new(
            change.Title?.Trim() ?? ticket.Title, change.Body ?? ticket.Body, change.Kind ?? ticket.Kind, change.Priority ?? ticket.Priority,
            change.Agent is null ? ticket.Agent : change.Agent.Length == 0 ? null : change.Agent, change.Criteria ?? ticket.Criteria));
        TicketTable.Edit(tx, key, text);
        var needs = DependencyChange.Make(tx, ticket, change.DependsOn, change.IndependentOf, who);
        tx.Emit(EventTypes.TicketChanged, About(ticket), who, EventData.Of(data =>
        {
            data.WriteString("title", text.Title);
            WriteKeys(data, "dependsOn", needs.Added);
            WriteKeys(data, "independentOf", needs.Removed);
        }));
        return Show(tx, Get(tx, key));
    }

    public static TicketJson Move(Tx tx, TicketKey key, string? word, string? reason, Principal who)
    {
        var ticket = Get(tx, key);
        var to = Words.TryParse<Stage>(word ?? "") ?? throw new Refusal(Problems.InvalidValue, $"is one of {string.Join(", ", Words.All<Stage>())}", "stage");
        var refusal = HandMoves.Judge(key, ticket.Stage, to, who, ticket.Held?.By, ActiveRun(tx, key)?.Name) switch
        {
            HandMove.Allowed or HandMove.Nothing => null,
            HandMove.Held held => new Refusal(Problems.Held, held.Why),
            HandMove.HumanOnly human => new Refusal(Problems.HumanOnly, human.Why),
            HandMove.Illegal illegal => new Refusal(Problems.IllegalMove, illegal.Why),
            HandMove.StillLive live => new Refusal(Problems.StillLive, live.Why),
            var other => throw new InvalidOperationException($"{other} is no judgement of a move"),
        };
        if (refusal is not null) throw refusal;
        if (ticket.Stage == to) return Show(tx, ticket);
        if (reason is not null) CheckReason(reason);
        if (ticket.Stage == Stage.Merging) LandingCommands.Abandon(tx, ticket, $"the ticket was moved to {to.Word()}", who);
        if (to == Stage.Backlog) TicketTable.Begun(tx, key);
        if (!TicketTable.Move(tx, key, ticket.Stage, to)) throw new Refusal(Problems.TooLate, $"{key} has moved in between; look again");
        tx.Emit(EventTypes.TicketMoved, About(ticket), who, EventData.Of(data =>
        {
            data.WriteString("from", ticket.Stage.Word());
            data.WriteString("to", to.Word());
            data.WriteString("reason", reason);
        }));
        return Show(tx, Get(tx, key));
    }

    public static TicketJson Hold(Tx tx, TicketKey key, string? reason, Principal who) => Flag(
        tx, key, who, EventTypes.TicketHeld, CheckReason(reason ?? "no reason given"), (k, why) => TicketTable.Hold(tx, k, why, who));

    public static TicketJson Release(Tx tx, TicketKey key, Principal who) => Flag(
        tx, key, who, EventTypes.TicketReleased, null, (k, _) => TicketTable.Release(tx, k));

    public static TicketJson Block(Tx tx, TicketKey key, string? reason, Principal who) => Flag(
        tx, key, who, EventTypes.TicketBlocked, CheckReason(reason ?? ""), (k, why) => TicketTable.Block(tx, k, why, who));

    /// <summary>A ticket whose run came to no good end goes back to where it waits for an agent; else the same end would block it again.</summary>
    public static TicketJson Unblock(Tx tx, TicketKey key, Principal who)
    {
        var wasBlocked = Get(tx, key).Blocked is not null;
        Flag(tx, key, who, EventTypes.TicketUnblocked, null, (k, _) => TicketTable.Unblock(tx, k));
        // What has ended well goes on by itself; only a bad end would block it again.
        var endedWell = RunTable.Of(tx, key).Find(r => r.Role == Role.Coder) is { Ending.Outcome: Outcome.Succeeded, NoWorktree: false, Cleanup: false } last && last.EndedAt >= Get(tx, key).Pace.Since;
        if (wasBlocked && !endedWell && ActiveRun(tx, key) is null && TicketTable.Move(tx, key, Stage.Coding, Stage.Ready))
            tx.Emit(EventTypes.TicketMoved, About(Get(tx, key)), who, EventData.Of(data =>
            {
                data.WriteString("from", Stage.Coding.Word());
                data.WriteString("to", Stage.Ready.Word());
                data.WriteString("reason", "it was unblocked");
            }));
        return Show(tx, Get(tx, key));
    }

    /// <exception cref="Refusal">There is no such ticket.</exception>
    public static TicketRow Get(Db db, TicketKey key) => TicketTable.Get(db, key)
        ?? throw new Refusal(Problems.TicketNotFound, $"there is no ticket {key}; 'drover ticket list' shows what there is");

    /// <summary>The run that works on the ticket now; null when none does.</summary>
    public static RunRow? ActiveRun(Db db, TicketKey key) => RunTable.Of(db, key).Find(r => r.State != RunState.Settled);

    public static TicketJson Show(Db db, TicketRow ticket) => Show(ticket, DependencyTable.Of(db, ticket.Key));

    public static TicketJson Show(TicketRow ticket, IEnumerable<BoardNeed> needs) => new(
        ticket.Key.ToString(), ticket.Project.Value, ticket.Title, ticket.Body, ticket.Kind, (int)ticket.Priority, ticket.Criteria, ticket.Stage.Word(),
        ticket.Blocked?.Reason, ticket.Held is { } held ? new(held.By.ToString(), held.Reason) : null, ticket.Agent,
        [.. needs.Select(n => new DependencyJson(n.Key.ToString(), n.Stage.Word()))], ticket.CreatedAt, ticket.UpdatedAt);

    /// <summary>A flag that is already as it should be is left alone: doing it twice is no mistake.</summary>
    private static TicketJson Flag(Tx tx, TicketKey key, Principal who, string type, string? reason, Func<TicketKey, string, bool> change)
    {
        var ticket = Get(tx, key);
        if (ticket.Stage.IsFinal()) throw new Refusal(Problems.Conflict, $"{key} is {ticket.Stage.Word()}, and that is final");
        if (change(key, reason ?? "")) tx.Emit(type, About(ticket), who, reason is null ? EventData.Empty : EventData.Of("reason", reason));
        return Show(tx, Get(tx, key));
    }

    private static Subject About(TicketRow ticket) => new(ticket.Project, ticket.Key);

    private static void WriteKeys(Utf8JsonWriter data, string name, IReadOnlyList<TicketKey> keys)
    {
        data.WriteStartArray(name);
        foreach (var key in keys) data.WriteStringValue(key.ToString());
        data.WriteEndArray();
    }

    private static TicketText Check(TicketText text)
    {
        var fault = TicketLimits.CheckTitle(text.Title) ?? TicketLimits.CheckBody(text.Body) ?? TicketLimits.CheckKind(text.Kind)
            ?? TicketLimits.CheckPriority(text.Priority) ?? TicketLimits.CheckCriteria(text.Criteria)
            ?? (text.Agent is null ? null : TicketLimits.CheckAgent(text.Agent));
        return fault is null ? text : throw Of(fault);
    }

    private static string CheckReason(string reason) => TicketLimits.CheckReason(reason) is { } fault ? throw Of(fault) : reason;

    private static Refusal Of(TextFault fault) => new(fault.TooLong ? Problems.TooLarge : Problems.InvalidValue, fault.Why, fault.Field);
}
