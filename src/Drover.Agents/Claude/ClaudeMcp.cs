using Drover.Agents.Wire;

namespace Drover.Agents.Claude;

/// <summary>The tool servers, as the CLI takes them: JSON on its command line. Their variables' values, which may be secret, travel in the CLI's own environment,
/// and the JSON only names them.</summary>
internal static class ClaudeMcp
{
    public static string Configuration(IReadOnlyList<McpServer> servers) => Frame.Text(json => json.Inside("mcpServers", all =>
    {
        foreach (var server in servers)
        {
            all.Inside(server.Name, s =>
            {
                s.WriteString("type", "stdio");
                s.Words("command", server.Command[0]);
                s.WriteStartArray("args");
                foreach (var argument in server.Command.Skip(1)) s.WriteStringValue(argument);
                s.WriteEndArray();
                s.Inside("env", env =>
                {
                    foreach (var name in server.Environment.Keys) env.WriteString(name, $"${{{Carrier(server, name)}}}");
                });
            });
        }
    }));

    public static IEnumerable<(string Name, string Value)> Variables(IReadOnlyList<McpServer> servers) =>
        servers.SelectMany(s => s.Environment.Select(v => (Carrier(s, v.Key), v.Value)));

    private static string Carrier(McpServer server, string name) => $"DROVER_MCP_{server.Name.ToUpperInvariant().Replace('-', '_')}_{name}";
}
