using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Acp;

/// <summary>Model, mode and the agent's own settings: held against what the agent lists, then set. An agent that worked with another model or another freedom than was
/// configured would do so unseen, so what cannot be set fails the start.</summary>
internal static class AcpSettings
{
    /// <summary>Modes in which an agent asks nothing, by the names agents give them; wanted where our own sandbox surrounds it.</summary>
    private static readonly string[] s_allowAll = ["yolo", "bypassPermissions", "agent-full-access", "full-access"];

    /// <summary>Modes in which an agent edits without asking and asks before it runs a command.</summary>
    private static readonly string[] s_acceptEdits = ["acceptEdits", "autoEdit", "auto-edit", "workspace-write"];

    /// <summary>Modes in which an agent asks before it edits or runs anything.</summary>
    private static readonly string[] s_ask = ["default", "ask", "workspace-write"];

    private sealed record Wish(string What, string Value, string Method, params (string Name, string Value)[] Members);

    /// <summary>Writes the requests that the wishes need; false with the reason when one cannot be granted, and then nothing is written.</summary>
    public static bool TryAsk(Draft<AcpState> draft, string session, AcpOffer offer, [NotNullWhen(false)] out string? impossible)
    {
        var (state, wishes) = (draft.State, new List<Wish>());
        impossible = Model(state, offer, wishes) ?? Mode(state, offer, wishes) ?? Others(state, offer, wishes);
        if (impossible is not null) return false;
        foreach (var wish in wishes)
        {
            var id = AcpOpening.NextId(draft);
            draft.State = draft.State with { Settings = [.. draft.State.Settings, new(id, wish.What, wish.Value)] };
            draft.Write(AcpFrames.Set(id, wish.Method, session, wish.Members));
        }

        return true;
    }

    public static void Answered(Draft<AcpState> draft, Setting setting, JsonElement error)
    {
        draft.State = draft.State with { Settings = [.. draft.State.Settings.Where(s => s != setting)] };
        if (error.Exists())
            AcpOpening.Fail(draft, Failures.Failed(FailureClass.Other, $"the agent refused the {setting.What} '{setting.Value}': {error.Text("message") ?? "no reason given"}"));
        else
            AcpOpening.ReadyWhenSet(draft);
    }

    private static string? Model(AcpState state, AcpOffer offer, List<Wish> wishes)
    {
        if (state.WantedModel is not { } wanted || wanted == offer.CurrentModel) return null;
        if (offer.ModelOption is { } option) return Choose("model", wanted, option, wishes);
        if (offer.Models.Count == 0 && offer.CurrentModel is null && state.ResumeId is null) return $"the agent offers no choice of model, so '{wanted}' cannot be set";
        if (Unlisted("model", wanted, offer.Models) is { } wrong) return wrong;
        wishes.Add(new("model", wanted, "session/set_model", ("modelId", wanted)));
        return null;
    }

    private static string? Mode(AcpState state, AcpOffer offer, List<Wish> wishes)
    {
        var option = offer.Modes.Count == 0 ? offer.ModeOption : null;
        var offered = option?.Values ?? offer.Modes;
        var wanted = state.WantedMode ?? (state switch { { Asks: true } => s_ask, { Sandboxed: true } => s_allowAll, _ => s_acceptEdits }).FirstOrDefault(offered.Contains);
        if (wanted is null || wanted == (option is null ? offer.CurrentMode : option.Current)) return null;
        if (option is not null) return Choose("mode", wanted, option, wishes);
        if (offered.Count == 0 && state.ResumeId is null) return $"the agent offers no choice of mode, so '{wanted}' cannot be set";
        if (Unlisted("mode", wanted, offered) is { } wrong) return wrong;
        wishes.Add(new("mode", wanted, "session/set_mode", ("modeId", wanted)));
        return null;
    }

    private static string? Others(AcpState state, AcpOffer offer, List<Wish> wishes)
    {
        foreach (var (id, value) in state.WantedSettings.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var option = offer.Options.FirstOrDefault(o => o.Id == id);
            if (option is null) return Unlisted("setting", id, [.. offer.Options.Select(o => o.Id)]) ?? $"the agent has no setting '{id}': it lists none";
            if (option.Current != value && Choose(id, value, option, wishes) is { } wrong) return wrong;
        }

        return null;
    }

    private static string? Choose(string what, string value, AcpOption option, List<Wish> wishes)
    {
        if (Unlisted(what, value, option.Values) is { } wrong) return wrong;
        wishes.Add(new(what, value, "session/set_config_option", ("configId", option.Id), ("value", value)));
        return null;
    }

    /// <summary>An agent that lists nothing is asked.</summary>
    private static string? Unlisted(string what, string value, IReadOnlyList<string> listed) =>
        listed.Count == 0 || listed.Contains(value) ? null : $"the agent has no {what} '{value}'; it has: {string.Join(", ", listed.Take(50))}{(listed.Count > 50 ? ", …" : "")}";
}
