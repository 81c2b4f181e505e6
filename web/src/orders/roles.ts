// Who may take orders; who leads the hall leads the entering afterwards. The node decides, the pages only offer.
export const kTakers = ['clerk', 'guide', 'shift-leader', 'duty-manager', 'hall-director']
