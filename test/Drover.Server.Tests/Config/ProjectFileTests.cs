using Xunit;
using Drover.Core;
using Drover.Node.Merging;
using Drover.Server.Config;
using static Drover.Server.Tests.Config.Reading;

namespace Drover.Server.Tests.Config;

public sealed class ProjectFileTests
{
    private const string Smallest = "agents:\n  coder: { adapter: stream }\n";

    [Fact, Trait("row", "A2")]
    public void The_smallest_file_names_one_agent_and_the_defaults_hold()
    {
        var config = Good(Smallest);

        var coder = Assert.Single(config.Agents);
        Assert.Equal(("coder", "stream", AgentHome.User), (coder.Name, coder.Adapter, coder.Home));
        Assert.Equal([Role.Coder], coder.Roles);
        Assert.Equal(new AgentLimits(TimeSpan.FromSeconds(300), TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(6)), coder.Limits);
        Assert.Equal(("shop", "SHOP", null), (config.Name, config.KeyPrefix, config.Target));
        Assert.Equal((MergePolicy.OnApproval, LandMethod.Merge, SandboxMode.Auto), (config.Merge, config.Land, config.Sandbox.Mode));
        Assert.Equal(4, config.Limits.Runs);
    }

    [Fact, Trait("row", "A2")]
    public void Every_key_is_read()
    {
        var config = Good("""
            name: The Shop
            prefix: my-shop
            target: trunk
            agents:
              coder:
                adapter: stream
                command: [/opt/agent, --fast]
                roles: [coder, merger]
                model: big-one
                profile: |
                  Be brief.
                  Test first.
                environment: { pass: [SSH_AUTH_SOCK], set: { CI: "1" } }
                limits: { idle: 90s, tool: 10m, wall: 2h, wait: 30m, turns: 40 }
                count: 3
                home: isolated
                options: { effort: high }
              reviewer: { adapter: acp, roles: [reviewer] }
            gates:
              - npm test
              - { name: lint, run: [npm, run, lint], timeout: 90s }
            post_create: [[npm, ci]]
            symlinks: [.env, local/cache/]
            merge: auto
            land: squash
            committer: { name: Shop Bot, email: bot@shop.example }
            protected: [.github/, deploy.sh]
            sandbox: { mode: required, read: [~/.cache], write: [/var/cache/shop], network: false }
            limits: { runs: 7, roles: { coder: 3 } }
            retention: { spool_quota: 64 MB }
            """);

        Assert.Equal(("The Shop", "my-shop", "MYSHOP", "trunk"), (config.Name, config.Prefix, config.KeyPrefix, config.Target?.Value));
        var coder = config.Agents[0];
        Assert.Equal(["/opt/agent", "--fast"], coder.Command);
        Assert.Equal(new HashSet<Role> { Role.Coder, Role.Merger }, coder.Roles);
        Assert.Equal(("big-one", "Be brief.\nTest first.", AgentHome.Isolated), (coder.Model, coder.Profile, coder.Home));
        Assert.Equal(["SSH_AUTH_SOCK"], coder.Environment.Pass);
        Assert.Equal("1", coder.Environment.Set["CI"]);
        Assert.Equal(new AgentLimits(TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(10), TimeSpan.FromHours(2), TimeSpan.FromMinutes(30)) { Turns = 40 }, coder.Limits);
        Assert.Equal(["coder-1", "coder-2", "coder-3"], coder.Slots);
        Assert.Equal("high", coder.Options["effort"]);
        Assert.Equal("reviewer", config.Agents[1].Name);
        Assert.Equal(["/bin/sh", "-c", "npm test"], config.Gates[0].Arguments);
        Assert.Equal(("npm test", TimeSpan.FromMinutes(30)), (config.Gates[0].Name, config.Gates[0].Timeout));
        Assert.Equal(["npm", "run", "lint"], config.Gates[1].Arguments);
        Assert.Equal(("lint", TimeSpan.FromSeconds(90)), (config.Gates[1].Name, config.Gates[1].Timeout));
        Assert.Equal(["npm", "ci"], config.PostCreate[0].Arguments);
        Assert.Equal([".env", "local/cache"], config.Symlinks);
        Assert.Equal((MergePolicy.Auto, LandMethod.Squash), (config.Merge, config.Land));
        Assert.Equal(new Committer("Shop Bot", "bot@shop.example"), config.Committer);
        Assert.Equal((SandboxMode.Required, false), (config.Sandbox.Mode, config.Sandbox.Network));
        Assert.Equal(["~/.cache"], config.Sandbox.Read);
        Assert.Equal(["/var/cache/shop"], config.Sandbox.Write);
        Assert.Equal((7, 3), (config.Limits.Runs, config.Limits.PerRole[Role.Coder]));
        Assert.Equal(new Retention(64_000_000), config.Retention);
    }

    [Fact, Trait("row", "Y68"), Trait("row", "Y5")]
    public void An_unknown_key_is_named_with_its_place_the_nearest_key_and_all_that_is_allowed()
    {
        var problem = Assert.Single(Bad("agents:\n  coder:\n    adapter: stream\n    rolez: [coder]\n"));

        Assert.StartsWith("drover.yaml:4:5: agents.coder.rolez: unknown key; did you mean 'roles'? allowed: adapter, command, roles, model,", problem);
    }

    [Fact, Trait("row", "Y5")]
    public void All_problems_are_reported_at_once_in_the_order_of_the_file()
    {
        var problems = Bad("""
            nam: x
            agents:
              coder: { adapter: strem, roles: [codr] }
              Reviewer: { roles: [reviewer] }
            merge: on_approval
            limits: { runs: many }
            gates: hello
            """);

        Assert.Collection(problems,
            p => Assert.StartsWith("drover.yaml:1:1: nam: unknown key; did you mean 'name'?", p),
            p => Assert.StartsWith("drover.yaml:3:21: agents.coder.adapter: 'strem' is not known; did you mean 'stream'? allowed: stream, acp", p),
            p => Assert.StartsWith("drover.yaml:3:36: agents.coder.roles[0]: 'codr' is not known; did you mean 'coder'?", p),
            p => Assert.StartsWith("drover.yaml:4:3: agents.Reviewer: 'Reviewer' is not a name of lower-case letters", p),
            p => Assert.StartsWith("drover.yaml:5:8: merge: 'on_approval' is not known; did you mean 'on-approval'?", p),
            p => Assert.StartsWith("drover.yaml:6:17: limits.runs: 'many' is not a whole number from 1 to 1000", p),
            p => Assert.StartsWith("drover.yaml:7:8: gates: takes a list, not 'hello'", p));
    }

    [Theory]
    [InlineData("agents:\n  a: { adapter: stream }\n  a: { adapter: acp }\n", "drover.yaml:3:3: agents.a: is written twice, first in line 2")]
    [InlineData("agents:\n  a: { adapter: stream }\nmerge: auto\nmerge: never\n", "drover.yaml:4:1: merge: is written twice, first in line 3")]
    [InlineData("agents:\n  a: { adapter: stream, count: 2 }\n  a-1: { adapter: stream }\n", "two agents would be called 'a-1' (a and a-1)")]
    [InlineData("agents:\n  a: { adapter: stream, roles: [reviewer] }\n", "drover.yaml:2:3: agents: no agent has the role coder")]
    [InlineData("agents:\n  a: { roles: [coder] }\n", "drover.yaml:2:6: agents.a: the key 'adapter' is missing")]
    [InlineData("agents: {}\n", "agents: no agent is listed")]
    [InlineData("agents:\n  a: { adapter: stream, roles: [] }\n", "agents.a.roles: an agent without roles")]
    [InlineData("name: x\n", "drover.yaml:1:1: the key 'agents' is missing")]
    [InlineData("", "drover.yaml:1:1: the key 'agents' is missing")]
    public void An_impossible_roster_is_refused(string yaml, string expected) => Assert.Contains(expected, Assert.Single(Bad(yaml)));

    [Theory]
    [InlineData("name: [a]", "name: takes a name, not a list")]
    [InlineData("name:", "name: takes a name, not nothing")]
    [InlineData("symlinks: [../secrets]", "symlinks[0]: '../secrets' is not a path relative to the repository")]
    [InlineData("symlinks: [/etc/passwd]", "'/etc/passwd' is not a path relative")]
    [InlineData("symlinks: [a/.git/hooks]", "'a/.git/hooks' is not a path relative")]
    [InlineData("target: refs/heads/main", "'refs/heads/main' is not a branch name")]
    [InlineData("target: a..b", "'a..b' is not a branch name")]
    [InlineData("target: -x", "'-x' is not a branch name")]
    [InlineData("prefix: 12", "'12' is not a prefix")]
    [InlineData("gates: [{ run: [] }]", "gates[0].run: takes a list of program and arguments, or a text for `sh -c`, not an empty list")]
    [InlineData("gates: [{ name: test }]", "gates[0]: the key 'run' is missing")]
    [InlineData("gates: [npm test, npm test]", "gates: two gates are called 'npm test'")]
    [InlineData("gates: [{ run: x, timeout: 5 minutes }]", "gates[0].timeout: '5 minutes' is not a duration; write a number and s, m, h or d")]
    [InlineData("gates: [{ run: x, timeout: 0s }]", "gates[0].timeout: 0s is out of bounds; from 1s to 1d")]
    [InlineData("sandbox: maybe", "sandbox: 'maybe' is not known; allowed: auto, required, off")]
    [InlineData("sandbox: { mode: off, write: [build] }", "sandbox.write[0]: 'build' is not an absolute path")]
    [InlineData("sandbox: { network: yes }", "sandbox.network: 'yes' is neither true nor false")]
    [InlineData("limits: { roles: { codr: 1 } }", "limits.roles.codr: 'codr' is not known; did you mean 'coder'?")]
    [InlineData("retention: { spool_quota: 10 XB }", "retention.spool_quota: '10 XB' is not a size")]
    [InlineData("committer: { name: A }", "committer: the key 'email' is missing")]
    [InlineData("merge: \"on-approval\\u0007\"", "merge: 'on-approval ' is not known")]
    public void A_bad_value_is_refused_where_it_stands(string line, string expected) => Assert.Contains(expected, Assert.Single(Bad(Smallest + line + "\n")));

    [Theory, Trait("row", "Y67")]
    [InlineData("intake", Role.Intake)]
    [InlineData("orchestrator", Role.Orchestrator)]
    [InlineData("coder", Role.Coder)]
    [InlineData("reviewer", Role.Reviewer)]
    [InlineData("merger", Role.Merger)]
    [InlineData("investigator", Role.Investigator)]
    public void A_role_is_spelt_one_way(string word, Role role) =>
        Assert.Contains(role, Good(Smallest + $"  other: {{ adapter: acp, roles: [{word}] }}\n").Agents[1].Roles);

    [Fact]
    public void The_configuration_and_what_it_lists_are_protected_with_all_below()
    {
        var config = Good(Smallest + "protected: [.github/, deploy.sh]\n");

        Assert.Equal(["drover.yaml", ".drover/workflows/x.md", ".github/workflows/ci.yml", "deploy.sh"],
            config.Protected.Among(["drover.yaml", "drover.yaml.bak", ".drover/workflows/x.md", ".github/workflows/ci.yml", ".githubby", "deploy.sh", "src/deploy.sh"]));
    }
}
