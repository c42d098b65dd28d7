using System.Text;
using Drover.Agents;
using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Init;
using Xunit;

namespace Drover.Server.Tests.Init;

public sealed class StartingConfigTests
{
    private static readonly string[] Known = [.. Adapters.All.Select(a => a.Name)];

    [Theory]
    [InlineData("shop")]
    [InlineData("my \"shop\": a # b")]
    [InlineData("läden und ☃ 😀")]
    [InlineData("true")]
    [InlineData("12 monkeys")]
    [InlineData("- x\\y'")]
    public void The_file_reads_back_whatever_the_directory_is_called(string name)
    {
        var config = Read(StartingConfig.Write(name, "main", Installed("claude"), [new(["make", "test"], "Makefile has the target test")]));

        Assert.Equal(name, config.Name);
        Assert.Equal(TicketKey.PrefixFrom(name), config.KeyPrefix);
        Assert.Equal((MergePolicy.OnApproval, LandMethod.Merge, SandboxMode.Auto), (config.Merge, config.Land, config.Sandbox.Mode));
    }

    [Fact]
    public void The_first_agent_that_is_installed_becomes_the_coder()
    {
        var config = Read(StartingConfig.Write("shop", "main", Installed("opencode", "qwen"), []));

        var coder = Assert.Single(config.Agents);
        Assert.Equal(("coder", "acp"), (coder.Name, coder.Adapter));
        Assert.Equal(["opencode", "acp"], coder.Command);
        Assert.Equal([Role.Coder], coder.Roles);
    }

    [Fact]
    public void Other_agents_stand_ready_as_comments()
    {
        var text = StartingConfig.Write("shop", "main", Installed("claude", "gemini"), []);

        Assert.Contains("  # gemini:\n  #   adapter: acp\n  #   command: [gemini, \"--acp\"]\n", text);
        Assert.Equal(["coder", "gemini"], Read(text.Replace("  # gemini:\n  #   adapter: acp\n  #   command:", "  gemini:\n    adapter: acp\n    command:")).Agents.Select(a => a.Name));
    }

    [Fact]
    public void Without_any_agent_the_file_is_right_and_says_how_to_install_one()
    {
        var text = StartingConfig.Write("shop", null, Installed(), []);

        Assert.Contains("# No agent was found on this machine. To install Claude Code: npm install -g", text);
        Assert.Equal("claude", Assert.Single(Read(text).Agents).Adapter);
    }

    [Fact]
    public void The_first_gate_is_in_force_and_the_others_stand_ready()
    {
        var text = StartingConfig.Write("shop", "main", Installed("claude"), [new(["npm ci && npm test"], "package.json has a test script"), new(["cargo", "test"], "Cargo.toml")]);

        Assert.Equal(["/bin/sh", "-c", "npm ci && npm test"], Assert.Single(Read(text).Gates).Arguments);
        Assert.Contains("  # - name: test-2\n  #   run: [cargo, test]\n", text);
    }

    [Fact]
    public void Without_a_gate_the_list_is_empty_and_says_what_that_means()
    {
        var text = StartingConfig.Write("shop", "main", Installed("claude"), []);

        Assert.Empty(Read(text).Gates);
        Assert.Contains("nothing is checked before it lands", text);
    }

    private static FoundAgent[] Installed(params string[] names) => [.. Presets.All.Select(p => new FoundAgent(p, names.Contains(p.Name) ? "/usr/bin/" + p.Command[0] : null))];

    private static ProjectConfig Read(string text)
    {
        var read = ConfigFile.ReadProject(Encoding.UTF8.GetBytes(text), "drover.yaml", Known, "x");
        Assert.Empty(read.Problems);
        return read.Value!;
    }
}
