// Who may take orders, and who may lead the entering afterwards; the node decides, the pages only offer.
export const kTakers = ['clerk', 'guide', 'shift-leader', 'duty-manager', 'hall-director']
export const kReplayLeaders = ['shift-leader', 'duty-manager', 'hall-director']
