using Drover.Api;

namespace Drover.Cli.Output;

/// <summary>Agents as people read them.</summary>
internal static class AgentText
{
    public static void Write(IReadOnlyList<AgentJson> agents, TextWriter output)
    {
        var table = new Table("AGENT", "ADAPTER", "PROGRAM", "VERSION", "PROOF", "CAN", "ROLES", "MODEL", "RUN");
        foreach (var agent in agents)
            table.Add(agent.Name, agent.Adapter, Program(agent), agent.Proof.Version, agent.Proof.State, Abilities(agent.Can), string.Join(", ", agent.Roles), agent.Model, agent.Run);
        table.Write(output);
        foreach (var group in agents.Where(a => a.Proof.Text is not null).GroupBy(a => a.Proof.Text))
            output.WriteLine($"{string.Join(", ", group.Select(a => a.Name))}: {Terminal.Plain(group.Key!)}");
    }

    /// <summary>One agent with all that was tried with its program.</summary>
    public static void WriteWhole(AgentJson agent, TextWriter output)
    {
        output.WriteLine($"{agent.Name}  {agent.Adapter}, {string.Join(", ", agent.Roles)}{(agent.Model is { } model ? $", {Terminal.Plain(model)}" : "")}{(agent.Home is { } home ? $", home {Terminal.Plain(home)}" : "")}");
        output.WriteLine($"command  {Terminal.Plain(string.Join(' ', agent.Command))}");
        output.WriteLine($"can      {Abilities(agent.Can)}");
        output.WriteLine($"proof    {agent.Proof.State}{(agent.Proof.Text is { } text ? $": {Terminal.Plain(text)}" : "")}");
        if (agent.Proof.Card is not { } card) return;
        output.WriteLine($"version  {Terminal.Plain(card.Version)}, tried {Time.Local(card.ProvenAt)}, {card.Isolation}");
        foreach (var step in card.Steps)
        {
            output.WriteLine($"  {Sign(step.Result)} {step.Step.PadRight(16)}{Terminal.Plain(step.Why ?? "")}".TrimEnd());
            foreach (var seen in step.Evidence) output.WriteLine($"      {Terminal.Plain(seen)}");
        }
    }

    private static string Program(AgentJson agent) => agent.Command.Count == 0 ? "–" : Terminal.Plain(Path.GetFileName(agent.Command[0]));

    private static string Abilities(AbilitiesJson can)
    {
        (bool Can, string Word)[] all = [(can.Steer, "steer"), (can.Interrupt, "interrupt"), (can.Resume, "resume"), (can.Fork, "fork"), (can.Approval, "approval"), (can.Cost, "cost")];
        return all.Any(a => a.Can) ? string.Join(' ', all.Where(a => a.Can).Select(a => a.Word)) : "–";
    }

    private static string Sign(string result) => result switch
    {
        "passed" => "✓",
        "failed" => "✗",
        "absent" => "–",
        _ => "·",
    };
}
