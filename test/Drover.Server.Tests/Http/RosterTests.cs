using Drover.Api;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class RosterTests
{
    [Fact]
    public async Task The_agents_are_those_of_the_committed_file_and_without_one_the_answer_says_how_to_write_it()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        var without = Assert.Throws<RefusedException>(() => home.Client().Get("/api/v1/agents?project=app"));

        home.Commit("drover.yaml", "agents:\n  fixer:\n    adapter: acp\n    command: [fixer, --acp]\n    roles: [coder, reviewer]\n    count: 2\n");
        var agents = home.Client().Get("/api/v1/agents?project=app", ApiJson.Default.IReadOnlyListAgentJson);

        Assert.Equal("invalid_configuration", without.Problem.Code);
        Assert.Contains("drover init", without.Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(["fixer-1", "fixer-2"], agents.Select(a => a.Name));
        Assert.All(agents, a => Assert.Equal(("acp", "coder,reviewer", null), (a.Adapter, string.Join(',', a.Roles), a.Run)));
    }
}
