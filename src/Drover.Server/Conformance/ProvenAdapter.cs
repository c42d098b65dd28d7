using Drover.Agents;
using Drover.Core;

namespace Drover.Server.Conformance;

/// <summary>An adapter without what was found not to work with the program that it drives, and with what only a proof could show. What is said for now then waits for the end of the turn, as with a protocol that
/// has no other way.</summary>
internal sealed class ProvenAdapter : IAdapter
{
    private readonly IAdapter _declared;
    private readonly Proof _proof;

    private ProvenAdapter(IAdapter declared, Proof proof) => (_declared, _proof, Capabilities) = (declared, proof, Capable(declared, declared.Capabilities, proof));

    public string Name => _declared.Name;

    public AdapterCapabilities Capabilities { get; }

    public IAdapter For(IReadOnlyList<string> command) => Of(_declared.For(command), _proof);

    public AdapterCapabilities With(IReadOnlyDictionary<string, string> options) => Capable(_declared, _declared.With(options), _proof);

    public IReadOnlyList<AdapterOption> Options => _declared.Options;

    /// <summary>The adapter itself when nothing speaks against what it declares.</summary>
    public static IAdapter Of(IAdapter declared, Proof proof) =>
        Capable(declared, declared.Capabilities, proof) == declared.Capabilities ? declared : new ProvenAdapter(declared, proof);

    /// <summary>What an agent with these settings can do by its adapter, and nothing proven speaks against.</summary>
    public static AdapterCapabilities Capable(IAdapter declared, IReadOnlyDictionary<string, string> options, Proof proof) => Capable(declared, declared.With(options), proof);

    /// <summary>The kit plays without settings: what only they add was never tried, and a proof says nothing of it. What nobody knew counts once it was seen.</summary>
    private static AdapterCapabilities Capable(IAdapter declared, AdapterCapabilities can, Proof proof)
    {
        var tried = declared.Capabilities;
        return can with
        {
            SaysInsideTurn = can.SaysInsideTurn ? !(tried.SaysInsideTurn && proof.Against(KitStep.Steer) is not null) : can.MaySayInsideTurn && proof.Shows(KitStep.Steer),
            Interrupts = can.Interrupts && !(tried.Interrupts && proof.Against(KitStep.Interrupt) is not null),
            Resumes = can.Resumes && !(tried.Resumes && proof.Against(KitStep.Resume) is not null),
            Forks = can.Forks && !(tried.Forks && proof.Against(KitStep.Fork) is not null),
            AsksApproval = can.AsksApproval && !(tried.AsksApproval && proof.Against(KitStep.Approval) is not null),
        };
    }

    public Launch Plan(LaunchRequest request) => _declared.Plan(request with { ShownToSteer = _proof.Shows(KitStep.Steer) });

    public Step Apply(MachineState state, Input input) => _declared.Apply(state, input switch
    {
        Input.Say { Mode: SteerMode.Now } say when IsLost(c => c.SaysInsideTurn) => say with { Mode = SteerMode.Next },
        Input.Say { Mode: SteerMode.Interrupt } say when IsLost(c => c.Interrupts) => say with { Mode = SteerMode.Next },
        _ => input,
    });

    /// <summary>Declared, and proven not to work. What an agent's settings allow beside that is its machine's affair.</summary>
    private bool IsLost(Func<AdapterCapabilities, bool> ability) => ability(_declared.Capabilities) && !ability(Capabilities);

    public Checkpoint Save(MachineState state) => _declared.Save(state);

    public MachineState? Load(Checkpoint checkpoint) => _declared.Load(checkpoint);
}
